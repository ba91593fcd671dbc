/** `npm run schemas`: writes `schemas/*.json` and the validators compiled from them. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderSchemas } from './render-schemas.ts';

const root = new URL('../../', import.meta.url);
for (const [path, text] of Object.entries(await renderSchemas())) {
  writeFileSync(fileURLToPath(new URL(path, root)), text);
  process.stdout.write(`${path}\n`);
}
