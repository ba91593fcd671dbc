import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventsSchema } from '../../src/event-schema.ts';
import { renderSchemas } from '../../src/render-schemas.ts';
import { recordSchema } from '../../src/store/record-schema.ts';
import { createProject } from './project.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

test('what is made from the schemas is what is committed; else: npm run schemas', async () => {
  for (const [path, text] of Object.entries(await renderSchemas()))
    assert.equal(readFileSync(join(root, path), 'utf8'), text, path);
});

test('the lines and records of a real run are what their schemas say', async () => {
  const { Ajv } = await import('ajv');
  const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(eventsSchema);
  const project = createProject();
  try {
    project.write(
      'pipeline.yaml',
      `stages:
  good: { command: [sh, -c, 'echo out; echo hi > "$1"; echo "{\\"type\\":\\"metric\\",\\"name\\":\\"m\\",\\"value\\":1}" >> "$BLOODLINE_EVENTS"', x, "\${outputs.o}"], outputs: [o] }
  bad: { command: [sh, -c, exit 3], inputs: { i: good.o }, outputs: [o], retries: 1 }
  below: { command: ["true"], inputs: { i: bad.o }, outputs: [o] }
`,
    );
    const run = spawnSync(
      process.execPath,
      [join(root, 'bin/bloodline.js'), '-C', project.root, 'run', '--json'],
      {
        encoding: 'utf8',
      },
    );
    const events = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const event of events)
      assert.ok(validate(event), `${JSON.stringify(event)}: ${JSON.stringify(validate.errors)}`);
    assert.deepEqual([...new Set(events.map(({ type }) => type))].sort(), [
      'run-finished',
      'run-started',
      'stage-event',
      'stage-failed',
      'stage-finished',
      'stage-queued',
      'stage-retried',
      'stage-skipped',
      'stage-started',
    ]);
    assert.equal(run.status, 1);
    const isRecord = new Ajv({ strict: true, allowUnionTypes: true }).compile(recordSchema);
    const records = readdirSync(join(project.root, 'artifacts', 'records'), {
      recursive: true,
      encoding: 'utf8',
    })
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(join(project.root, 'artifacts', 'records', name), 'utf8')));
    assert.equal(records.length, 1);
    for (const record of records) assert.ok(isRecord(record), JSON.stringify(isRecord.errors));
  } finally {
    project.remove();
  }
});
