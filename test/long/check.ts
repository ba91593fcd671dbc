/**
 * What `npm test` tries in short, in full: one after the other, each as a process of its own; exit 1 where one fails.
 *
 *     npm run check:long [-- NAME…]
 *
 * Options of one (`--times`, `--engines`) are given to it directly: `node dist/test/long/kills.js --times 20`.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(new URL('../../..', import.meta.url)));
const test = (file: string): readonly string[] => ['--test', `dist/test/${file}.test.js`];

const FORMS: Readonly<Record<string, readonly string[]>> = {
  /** A year of nights by a schedule, with a store that stays below its cap. */
  year: ['dist/test/long/year.js'],
  /** 200 runs killed twice each, at random points. */
  kills: ['dist/test/long/kills.js'],
  /** Each kind of file of a store damaged in each way. */
  damage: ['dist/test/long/damage.js'],
  /** Stages that flood, with 1 GB each. */
  lies: test('run/lies'),
  /** Eight runs at once of which seven are killed, twenty times. */
  together: test('run/together'),
  /** Trainings twice, and killed half-way, on each engine. */
  trainings: ['dist/test/long/trainings.js'],
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(FORMS);
const unknown = names.filter((name) => !Object.hasOwn(FORMS, name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}: ${Object.keys(FORMS).join(', ')}`);
  process.exit(2);
}
const failed: string[] = [];
for (const name of names) {
  console.log(`== ${name}`);
  const began = performance.now();
  const { status } = spawnSync(process.execPath, FORMS[name]!, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, BLOODLINE_LONG: '1' },
  });
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  console.log(`== ${name}: ${status === 0 ? 'holds' : `failed (${status})`}, ${minutes} min`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
