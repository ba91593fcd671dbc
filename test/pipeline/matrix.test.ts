import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Pipeline } from '../../src/pipeline/pipeline.ts';
import { createProject } from './project.ts';

const ids = (pipeline: Pipeline) => pipeline.stages.map(({ id }) => id as string);

/** An input in short: `stage.output`, or `{coordinate: stage.output, …}` for a fan-in. */
function input(pipeline: Pipeline, id: string, name: string): unknown {
  const found = pipeline.stages.find((stage) => stage.id === id)!.inputs[name]!;
  if (found.kind === 'artifact') return `${found.stage}.${found.output}`;
  if (found.kind !== 'fan-in') return found.kind;
  return Object.fromEntries(
    found.from.map(({ coordinate, stage, output }) => [coordinate, `${stage}.${output}`]),
  );
}

describe('matrix', () => {
  const project = createProject();
  after(() => project.remove());

  const text = `
params: { models: [vgg16, custom-cnn] }
stages:
  data: { command: [x], outputs: [pixels] }
  train:
    matrix: { model: "\${models}", seed: [1, 2] }
    command: [x, "\${model}", "\${seed}"]
    inputs: { pixels: data.pixels }
    outputs: [weights]
    params: { model: "stages/models/\${model}.ts", seed: "\${seed}" }
  evaluate:
    matrix: { model: "\${models}", seed: [1, 2] }
    command: [x]
    inputs: { weights: train.weights, pixels: data.pixels }
    outputs: [scores]
  by-model:
    matrix: { model: "\${models}" }
    command: [x]
    inputs: { scores: evaluate.scores }
    outputs: [mean]
  more-axes:
    matrix: { seed: [2, 1], fold: [a, b] }
    command: [x, "\${fold}"]
    inputs: { weights: train.weights, mean: by-model.mean }
    outputs: [o]
  all: { command: [x], inputs: { scores: evaluate.scores, means: by-model.mean }, outputs: [page] }
`;

  test('has an instance for each combination, the last axis fastest', () => {
    const pipeline = project.pipeline(text);
    assert.deepEqual(ids(pipeline).slice(0, 5), [
      'data',
      'train@model=vgg16,seed=1',
      'train@model=vgg16,seed=2',
      'train@model=custom-cnn,seed=1',
      'train@model=custom-cnn,seed=2',
    ]);
    assert.deepEqual(pipeline.stages[2]!.coordinates, { model: 'vgg16', seed: 2 });
    assert.deepEqual(pipeline.stages[2]!.params, { model: 'stages/models/vgg16.ts', seed: 2 });
    assert.deepEqual(pipeline.stages[2]!.program.kind === 'command' && pipeline.stages[2]!.program.command, {
      argv: ['x', 'vgg16', '2'],
    });
  });

  test('inputs join on the axes that both have', () => {
    const pipeline = project.pipeline(text);
    assert.equal(
      input(pipeline, 'evaluate@model=custom-cnn,seed=2', 'weights'),
      'train@model=custom-cnn,seed=2.weights',
    );
    assert.equal(input(pipeline, 'evaluate@model=custom-cnn,seed=2', 'pixels'), 'data.pixels');
  });

  test('and fan in over the axes that the consumer lacks, named by these alone', () => {
    const pipeline = project.pipeline(text);
    assert.deepEqual(input(pipeline, 'by-model@vgg16', 'scores'), {
      1: 'evaluate@model=vgg16,seed=1.scores',
      2: 'evaluate@model=vgg16,seed=2.scores',
    });
    assert.deepEqual(input(pipeline, 'all', 'scores'), {
      'model=vgg16,seed=1': 'evaluate@model=vgg16,seed=1.scores',
      'model=vgg16,seed=2': 'evaluate@model=vgg16,seed=2.scores',
      'model=custom-cnn,seed=1': 'evaluate@model=custom-cnn,seed=1.scores',
      'model=custom-cnn,seed=2': 'evaluate@model=custom-cnn,seed=2.scores',
    });
    assert.deepEqual(input(pipeline, 'all', 'means'), {
      vgg16: 'by-model@vgg16.mean',
      'custom-cnn': 'by-model@custom-cnn.mean',
    });
  });

  test('both at once: joined on seed, fanned in over model, whatever other axes there are', () => {
    const pipeline = project.pipeline(text);
    assert.deepEqual(input(pipeline, 'more-axes@seed=2,fold=b', 'weights'), {
      vgg16: 'train@model=vgg16,seed=2.weights',
      'custom-cnn': 'train@model=custom-cnn,seed=2.weights',
    });
  });

  test('a matrix of one value is a matrix', () => {
    const pipeline = project.pipeline(text, { params: { models: ['vgg16'] } });
    assert.deepEqual(input(pipeline, 'all', 'means'), { vgg16: 'by-model@vgg16.mean' });
  });
});

describe('order', () => {
  const project = createProject();
  after(() => project.remove());

  test('is as written where nothing forbids it', () => {
    const text =
      'stages: { c: { run: stages/split.ts, inputs: { x: a.o } }, b: { run: stages/split.ts }, a: { run: stages/split.ts } }';
    assert.deepEqual(ids(project.pipeline(text)), ['a', 'c', 'b']);
  });

  test('of random graphs: each stage comes after what it needs; a closed ring is told', () => {
    let state = 7;
    const draw = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % below;
    };
    for (let round = 0; round < 50; round++) {
      const count = 2 + draw(12);
      // Needs go from higher to lower numbers, the order written is shuffled.
      const stages = Array.from({ length: count }, (_, index) => {
        const needs = Array.from({ length: draw(4) }, () => draw(Math.max(1, index))).filter(
          (each) => each < index,
        );
        const inputs = needs.map((need, place) => `i${place}: s${need}.o`).join(', ');
        return `  s${index}: { run: stages/split.ts, inputs: { ${inputs} } }\n`;
      });
      for (let index = count - 1; index > 0; index--) {
        const other = draw(index + 1);
        [stages[index], stages[other]] = [stages[other]!, stages[index]!];
      }
      const pipeline = project.pipeline(`stages:\n${stages.join('')}`);
      const seen = new Set<string>();
      for (const { id, inputs } of pipeline.stages) {
        for (const input of Object.values(inputs))
          assert.ok(input.kind === 'artifact' && seen.has(input.stage), `round ${round}`);
        seen.add(id);
      }
      assert.equal(seen.size, count);
    }
    const ring = Array.from(
      { length: 3000 },
      (_, index) => `  s${index}: { run: stages/split.ts, inputs: { a: s${(index + 1) % 3000}.o } }\n`,
    );
    assert.match(
      project.problems(`stages:\n${ring.join('')}`),
      /^pipeline.yaml:2:44: error: stages need each other in a cycle: s0 → s1 → s2 → s3 → s4 → s5 → s6 → … 2993 more … → s0\n/,
    );
  });
});
