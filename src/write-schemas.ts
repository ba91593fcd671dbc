/** `npm run schemas`: writes `schemas/*.json` and the validator compiled from the pipeline's schema. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderSchemas } from './pipeline/render-schemas.ts';

const root = new URL('../../', import.meta.url);
for (const [path, text] of Object.entries(await renderSchemas())) {
  writeFileSync(fileURLToPath(new URL(path, root)), text);
  process.stdout.write(`${path}\n`);
}
