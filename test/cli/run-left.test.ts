import assert from 'node:assert/strict';
import { it } from 'node:test';
import { runLeft } from '../../src/log/run-left.ts';

it('what is left of a run shrinks with its work and with the time that goes by', () => {
  let now = 0;
  const run = runLeft(() => now);
  assert.equal(run.left(), null);
  const plan = (stage: string, expectedMs: number) => ({ stage, plan: 'run', expectedMs }) as const;
  run.take({
    type: 'run-started',
    run: 'r',
    pipeline: 'p',
    profile: null,
    expectedMs: 6000,
    stages: [plan('a', 4000), plan('b', 8000), { stage: 'c', plan: 'cached' }],
  });
  assert.equal(run.left(), 6000, 'two at once');
  for (const stage of ['a', 'b'])
    run.take({ type: 'stage-started', stage, key: 'k' as never, reasons: [], attempt: 1 });
  now = 3000;
  assert.equal(run.left(), 3000);
  const done = { how: 'ran', key: 'k' as never, ms: 1, metrics: {}, facts: {} } as const;
  run.take({ type: 'stage-finished', stage: 'a', ...done });
  assert.equal(run.left(), 2500);
  now = 20_000;
  assert.equal(run.left(), 0, 'later than expected');
  run.take({ type: 'stage-finished', stage: 'b', ...done });
  assert.equal(run.left(), null);
});
