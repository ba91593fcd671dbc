import assert from 'node:assert/strict';
import { test } from 'node:test';
import { committedKernels, compileKernels, WITH_KERNELS } from '../../stages/tools/compile-kernels.ts';

test('the kernels that are committed are those that kernels.as compiles to', async () => {
  for (const of of WITH_KERNELS)
    assert.equal(committedKernels(of), await compileKernels(of), 'run `npm run kernels`');
});
