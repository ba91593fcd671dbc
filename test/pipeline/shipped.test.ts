import assert from 'node:assert/strict';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { printDiagnostics } from '../../src/log/diagnostic.ts';
import { checkParams } from '../../src/pipeline/check-params.ts';
import { loadPipeline } from '../../src/pipeline/load.ts';
import type { Pipeline } from '../../src/pipeline/pipeline.ts';
import { checkInputs } from '../../src/plan/check-inputs.ts';
import type { StageDescription } from '../../src/stage/description.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const file = join(root, 'pipeline.yaml');

async function description(stage: string): Promise<StageDescription> {
  const compiled = join(root, 'dist', stage.replace(/\.ts$/, '.js'));
  const { inputs = {}, outputs = [], params = {} } = await import(pathToFileURL(compiled).href);
  return { inputs, outputs, params, draws: false, tensors: false };
}

async function shipped(profile: string | null): Promise<Pipeline> {
  const read = await loadPipeline(file, profile === null ? {} : { profile });
  if (!read.ok)
    throw new Error(
      read.error.reason === 'invalid-pipeline' ? printDiagnostics(read.error.diagnostics) : read.error.reason,
    );
  return read.value;
}

for (const profile of [null, 'demo', 'bccd', 'pbc']) {
  test(`the pipeline that is shipped suits its stages, ${profile ?? 'without a profile'}`, async () => {
    const pipeline = await shipped(profile);
    const outputs = new Map<string, readonly string[]>();
    for (const stage of pipeline.stages) {
      assert.ok(stage.program.kind === 'module');
      const says = await description(stage.program.file);
      outputs.set(stage.id, says.outputs);
      const { diagnostics } = await checkParams(stage, says, pipeline.root);
      // Without a profile the data is the user's to name.
      const inputs = checkInputs(stage, says).filter(({ message }) => !message.endsWith('got null'));
      assert.equal(printDiagnostics([...diagnostics, ...inputs]), '');
      for (const input of Object.values(stage.inputs)) {
        const from = input.kind === 'artifact' ? [input] : input.kind === 'fan-in' ? input.from : [];
        for (const { stage: maker, output } of from)
          assert.ok(outputs.get(maker)?.includes(output), `${stage.id} reads ${maker}.${output}`);
      }
    }
  });
}
