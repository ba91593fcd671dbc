import assert from 'node:assert/strict';
import { it } from 'node:test';
import { nights } from '../rig/nights.ts';

// A year of it: node dist/test/long/year.js
it('two weeks of nights, one to winter time: a run for each time, and a store that stays small', async () => {
  const cap = 1_200_000;
  const { code, mostBytes, folders } = await nights({ count: 14, from: '2026-10-18', cap });
  assert.deepEqual(code, { 0: 11, 1: 1, 4: 1 });
  assert.ok(mostBytes <= cap + 100_000, `${mostBytes} bytes`);
  assert.ok(folders < 6, `${folders} folders of runs`);
});
