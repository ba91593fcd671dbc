import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadPipeline } from '../../src/pipeline/load.ts';
import { createProject } from './project.ts';

test('a pipeline cannot be changed, whether it was read or remembered', async () => {
  const project = createProject();
  try {
    const text =
      'params: { at: { deep: [1] } }\nstages:\n  train: { run: stages/train.ts, params: { at: "${at}" }, resources: { gpu: 1 } }\n';
    project.write('pipeline.yaml', text);
    for (const how of ['read', 'remembered']) {
      const loaded = await loadPipeline(project.file, {}, { keepIn: join(project.root, 'kept') });
      assert.ok(loaded.ok, how);
      const { stages, params } = loaded.value;
      const [stage] = stages as unknown as [Record<string, Record<string, unknown>>];
      const changes: (() => unknown)[] = [
        () => (stages as unknown[]).push(0),
        () => ((stage as Record<string, unknown>)['name'] = 'other'),
        () => (stage['resources']!['gpu'] = 2),
        () => ((stage['params']!['at'] as { deep: number[] }).deep[0] = 2),
        () => ((params as Record<string, { deep: unknown }>)['at']!.deep = 0),
      ];
      for (const change of changes) assert.throws(change, TypeError, how);
    }
  } finally {
    project.remove();
  }
});
