import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { renderSchemas } from '../../src/pipeline/render-schemas.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

test('what is made from the schemas is what is committed; else: npm run schemas', async () => {
  for (const [path, text] of Object.entries(await renderSchemas()))
    assert.equal(readFileSync(join(root, path), 'utf8'), text, path);
});
