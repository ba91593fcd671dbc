import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { printDiagnostics } from '../../src/log/diagnostic.ts';
import { blameOption } from '../../src/pipeline/blame-option.ts';
import { checkParams } from '../../src/pipeline/check-params.ts';
import { compileParam } from '../../src/pipeline/compile-param.ts';
import { plainlyValid } from '../../src/pipeline/plainly-valid.ts';
import type { ParamSchemas } from '../../src/stage/contract.ts';
import { createProject } from './project.ts';

const params = {
  size: { type: 'integer', minimum: 8, default: 128, unit: 'pixels', description: 'Side of the square.' },
  rate: { type: 'number', exclusiveMinimum: 0, description: 'Step.' },
  engine: { enum: ['native', 'wasm'], default: 'wasm' },
  perClass: { type: ['integer', 'null'], default: null },
  model: { type: 'string', format: 'module', default: 'stages/models/vgg16.ts' },
  layers: { type: 'array', items: { type: 'integer', minimum: 1 }, default: [32, 64] },
  augment: {
    type: 'object',
    properties: { flip: { type: 'boolean', default: true }, turn: { type: 'number', default: 10 } },
    additionalProperties: false,
    default: {},
  },
} as const satisfies ParamSchemas;

const EXPECTED = `\
pipeline.yaml:5:7: error: train has no parameter "sise"
    sise: 4
    ~~~~
  did you mean "size"?

pipeline.yaml:6:13: error: expected "size" to be at least 8 pixels, got 4 (number)
    size: 4
          ~
  Side of the square. (pixels)

pipeline.yaml:4:5: error: train needs a parameter "rate", and none is given
    params:
    ~~~~~~
  Step.

pipeline.yaml:7:15: error: expected "engine" to be one of "native", "wasm", got "cuda" (string)
    engine: cuda
            ~~~~

pipeline.yaml:8:17: error: expected "perClass" to be a whole number or null, got "many" (string)
    perClass: many
              ~~~~

pipeline.yaml:9:14: error: there is no file stages/models/vgg61.ts, which the parameter "model" of train names
    model: stages/models/vgg61.ts
           ~~~~~~~~~~~~~~~~~~~~~~
  did you mean "stages/models/vgg16.ts"?

pipeline.yaml:10:19: error: expected item 2 of "layers" to be at least 1, got 0 (number)
    layers: [8, 0]
                ~

pipeline.yaml:11:18: error: unknown key "flop" in "augment"
    augment: { flop: 1 }
               ~~~~
  did you mean "flip"?

8 problems`;

describe('params of a stage', () => {
  const project = createProject();
  after(() => project.remove());
  const check = async (written: string, schemas: ParamSchemas = params) => {
    const pipeline = project.pipeline(
      `stages:\n  train:\n    run: stages/train.ts\n    params: ${written}\n`,
    );
    const description = { inputs: {}, outputs: [], draws: false, tensors: false, params: schemas };
    const { diagnostics, ...rest } = await checkParams(pipeline.stages[0]!, description, project.root);
    return { ...rest, printed: printDiagnostics(diagnostics).replaceAll(`${project.root}/`, '') };
  };

  test('defaults are filled in, at every depth; modules are apart', async () => {
    assert.deepEqual(await check('{ rate: 0.1, augment: { turn: 5 } }'), {
      params: {
        size: 128,
        rate: 0.1,
        engine: 'wasm',
        perClass: null,
        layers: [32, 64],
        augment: { turn: 5, flip: true },
      },
      modules: { model: 'stages/models/vgg16.ts' },
      printed: '',
    });
  });

  test('all problems at once, in the user’s file', async () => {
    const { printed } = await check(`
      sise: 4
      size: 4
      engine: cuda
      perClass: many
      model: stages/models/vgg61.ts
      layers: [8, 0]
      augment: { flop: 1 }`);
    assert.equal(printed, EXPECTED);
  });

  test('a value that has none of its forms is told once, and by what is wrong inside it', async () => {
    const weights = {
      anyOf: [
        { type: 'string', enum: ['none', 'balanced'] },
        { type: 'object', additionalProperties: { type: 'number', minimum: 0 } },
      ],
    } as const;
    const told = async (written: string) =>
      (await check(`{ weights: ${written} }`, { weights })).printed.split('\n')[0]!.replace(/^.*error: /, '');
    assert.equal(
      await told('heavy'),
      'expected "weights" to be "none", "balanced" or a map, got "heavy" (string)',
    );
    assert.equal(await told('{ a: -1 }'), 'expected "a" to be at least 0, got -1 (number)');
    assert.equal(await told('{ a: 1 }'), '');
  });

  test('a schema that is no good is the stage’s fault', async () => {
    const { printed } = await check('{ a: 1 }', { a: { type: 'integer', mimimum: 3 } as never });
    assert.equal(
      printed,
      `\
pipeline.yaml:3:10: error: the schema of the parameter "a" is no good: strict mode: unknown keyword: "mimimum"
    run: stages/train.ts
         ~~~~~~~~~~~~~~~`,
    );
  });

  test('what seems plainly valid is valid for ajv too', () => {
    const schemas: object[] = [
      ...Object.values(params),
      { type: 'number', maximum: 3, exclusiveMaximum: 3 },
      { type: 'array', minItems: 1, maxItems: 2, items: { type: ['string', 'null'] } },
      { enum: [1, 'a', null, true] },
      { type: 'string', pattern: '^a' },
      { type: 'object', required: ['a'], properties: { a: {} } },
      { items: { type: 'integer' }, type: 'array', uniqueItems: true },
    ];
    const values = [
      null,
      true,
      false,
      0,
      1,
      3,
      8,
      -1,
      0.5,
      1e21,
      '',
      'a',
      'wasm',
      [],
      [1],
      [1, 1],
      ['a', null],
      [0.5],
      {},
      { a: 1 },
      { flip: 1 },
    ];
    let plain = 0;
    for (const schema of schemas)
      for (const value of values) {
        const compiled = compileParam(schema as never);
        assert.ok(compiled.ok, JSON.stringify(schema));
        if (!plainlyValid(schema, value)) continue;
        plain++;
        assert.ok(compiled.value(value), `${JSON.stringify(schema)} refuses ${JSON.stringify(value)}`);
      }
    assert.ok(plain >= 30, `${plain} values were plainly valid`);
  });
});

test('a value from the command line is told of the option, and of the place where it is used', async () => {
  const project = createProject();
  try {
    const text =
      'params: { size: 64, n: [1] }\nstages:\n  train:\n    run: stages/train.ts\n    params:\n      size: "${size}"\n';
    const choices = { params: { size: 'big' } };
    const { stages, chosen } = project.pipeline(text, choices);
    const description = {
      inputs: {},
      outputs: ['x'],
      draws: false,
      tensors: false,
      params: { size: params.size },
    };
    const { diagnostics } = await checkParams(stages[0]!, description, project.root);
    assert.equal(
      printDiagnostics(blameOption(diagnostics, chosen)),
      `command line:1:14: error: expected "size" to be a whole number, got "big" (string)
    --param size=big
                 ~~~
  pipeline.yaml:6:13: where it is used
    size: "\${size}"
          ~~~~~~~~~
  Side of the square. (pixels)`.replaceAll('pipeline.yaml', diagnostics[0]!.at.file),
    );
    const timeout = text.replace('    params:\n      size: "${size}"\n', '    timeout: "${size}"\n');
    assert.match(project.problems(timeout, choices), /^command line:1:14: error: .*\n {4}--param size=big\n/);
  } finally {
    project.remove();
  }
});
