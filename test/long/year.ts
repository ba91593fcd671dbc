/**
 * A year of nights by a schedule, with a store that is to stay below 5 MB, of data that are 110 MB: the clock is handed
 * to the command.
 *
 *     node dist/test/long/year.js [--nights 365] [--cap 5000000]       about 10 minutes on two quiet cores
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { nights } from '../rig/nights.ts';

const { values } = parseArgs({
  options: { nights: { type: 'string', default: '365' }, cap: { type: 'string', default: '5000000' } },
});
const cap = Number(values.cap);
const year = await nights({
  count: Number(values.nights),
  from: '2026-11-24',
  cap,
  onNight(night, bytes) {
    if (night % 30 === 0)
      process.stdout.write(`night ${night}: the store takes ${(bytes / 1e6).toFixed(2)} MB\n`);
  },
});
process.stdout.write(
  `${year.nights} nights ran (exit codes ${JSON.stringify(year.code)}); the store took ${(year.mostBytes / 1e6).toFixed(2)} MB at most, and has ${year.folders} folders of runs.\n`,
);
// What lists and remembers (histories, the stat index, pipelines) is not counted, and bounded by itself.
assert.ok(year.mostBytes <= cap + 500_000, 'the store outgrew its cap');
