import assert from 'node:assert/strict';
import { test } from 'node:test';
import { committedKernels, compileKernels } from '../../stages/tools/compile-kernels.ts';

test('the kernels that are committed are those that kernels.as compiles to', async () => {
  assert.equal(committedKernels(), await compileKernels(), 'run `npm run kernels`');
});
