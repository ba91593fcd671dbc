// digests.mjs STORE: a line for each output of each record in a store, `stage output digest`, sorted:
// two stores that hold the same bytes print the same text.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const records = join(process.argv[2], 'records');
const lines = [];
for (const key of readdirSync(records)) {
  if (!statSync(join(records, key)).isDirectory()) continue;
  for (const file of readdirSync(join(records, key))) {
    const record = JSON.parse(readFileSync(join(records, key, file), 'utf8'));
    for (const [output, artifact] of Object.entries(record.outputs))
      lines.push(`${record.stage} ${output} ${artifact.digest}`);
  }
}
process.stdout.write(`${lines.sort().join('\n')}\n`);
