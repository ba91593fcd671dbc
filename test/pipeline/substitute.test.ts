import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Json } from '../../src/json.ts';
import { mentioned, type SubstitutionProblem, substitute } from '../../src/pipeline/substitute.ts';
import { createProject } from './project.ts';

const values = {
  size: 64,
  rate: 0.5,
  on: true,
  off: null,
  list: [1, 'a'],
  map: { k: 'v' },
  text: 'x',
  '1': 'one',
};
const fill = (value: Json): Json => {
  const problems: SubstitutionProblem[] = [];
  const result = substitute(value, { values, later: new Set(['inputs.raw']) }, [], problems);
  assert.deepEqual(problems, []);
  return result;
};

describe('substitution', () => {
  test('a whole ${…} keeps its type, whatever it is', () => {
    for (const [name, value] of Object.entries(values)) assert.deepEqual(fill(`\${${name}}`), value);
    assert.equal(fill('${ size }'), 64);
  });

  test('inside a text it is text', () => {
    assert.equal(fill('a${size}b${on}c${rate}'), 'a64btruec0.5');
    assert.equal(fill(' ${size}'), ' 64');
  });

  test('reaches lists and maps; keys stay', () => {
    assert.deepEqual(fill({ '${size}': ['${size}', { deep: '${text}' }] }), {
      '${size}': [64, { deep: 'x' }],
    });
  });

  test('$${ is ${ itself, and what is filled in is not looked at again', () => {
    assert.equal(fill('$${size}'), '${size}');
    assert.deepEqual(substitute('${a}', { values: { a: '${b}', b: 1 } }, [], []), '${b}');
  });

  test('what is filled in later stays', () => {
    assert.equal(fill('--in=${ inputs.raw }'), '--in=${inputs.raw}');
    assert.equal(fill('${inputs.raw}'), '${inputs.raw}');
  });

  test('names of every object are no params', () => {
    const problems: SubstitutionProblem[] = [];
    substitute('${toString} ${__proto__}', { values: {} }, [], problems);
    assert.deepEqual(
      problems.map(({ problem }) => problem),
      ['unknown-param', 'unknown-param'],
    );
  });

  test('a member of a map is named by another value; of null it is null', () => {
    const problems: SubstitutionProblem[] = [];
    const values = { weights: { a: { path: 'a.h5' }, b: null }, model: 'a', none: null, size: 1 };
    const fill = (text: string) => substitute(text, { values }, [], problems);
    assert.deepEqual(fill('${weights[model]}'), { path: 'a.h5' });
    assert.equal(substitute('${weights[model]}', { values: { ...values, model: 'b' } }, [], problems), null);
    assert.equal(fill('${ none[model] }'), null);
    assert.deepEqual(problems, []);
    for (const wrong of ['${weights[size]}', '${size[model]}', '${weights[modle]}', '${weights[]}'])
      assert.equal(fill(wrong), wrong);
    assert.deepEqual(
      problems.map(({ problem }) => problem),
      ['no-member', 'not-a-map', 'unknown-param', 'unknown-param'],
    );
    assert.deepEqual([...mentioned('x ${weights[model]}')], ['weights', 'model']);
  });

  test('finds what is mentioned', () => {
    assert.deepEqual([...mentioned({ a: ['${x}', 'b${ y }'], '${k}': '$${z}' })], ['x', 'y']);
  });
});

describe('params', () => {
  const project = createProject();
  after(() => project.remove());
  const text = `
params: { size: 64, epochs: 100, source: null }
profiles: { demo: { size: 32, epochs: 4 } }
stages:
  split:
    run: stages/split.ts
    inputs: { source: { path: "\${source}" } }
    params: { size: "\${size}", epochs: "\${epochs}" }
`;
  const split = (choices = {}) => project.pipeline(text, choices).stages[0]!;

  test('the command line’s word is the last, then the profile’s', () => {
    assert.deepEqual(split().params, { size: 64, epochs: 100 });
    assert.deepEqual(split({ profile: 'demo' }).params, { size: 32, epochs: 4 });
    assert.deepEqual(split({ profile: 'demo', params: { epochs: 1 } }).params, { size: 32, epochs: 1 });
  });

  test('a path of null is an absent input', () => {
    assert.equal(split().inputs.source!.kind, 'absent');
    assert.deepEqual(split({ params: { source: 'data' } }).inputs.source, {
      kind: 'path',
      path: 'data',
      at: split().inputs.source!.at,
    });
  });

  test('unknown profiles and params are slips of the command line', () => {
    const usage = (choices: object) => {
      const read = project.read(text, choices);
      return read.ok ? null : read.error;
    };
    assert.deepEqual(usage({ profile: 'dmeo' }), {
      reason: 'usage',
      message: 'there is no profile "dmeo"',
      help: 'did you mean "demo"?',
    });
    assert.deepEqual(usage({ params: { epocs: 3 } }), {
      reason: 'usage',
      message: 'the pipeline has no param "epocs"',
      help: 'did you mean "epochs"?',
    });
  });

  test('anchors and merge keys work, a merged key gives way to a written one', () => {
    const { stages } = project.pipeline(`
stages:
  a: &a { run: stages/split.ts, params: &p { x: 1, y: 2 }, retries: 3 }
  b: { <<: *a, params: { <<: *p, y: 3 } }
  c: { run: stages/split.ts, params: *p }
`);
    assert.deepEqual(
      stages.map(({ params, retries }) => [params, retries]),
      [
        [{ x: 1, y: 2 }, 3],
        [{ y: 3, x: 1 }, 3],
        [{ x: 1, y: 2 }, 0],
      ],
    );
    assert.equal(stages[1]!.places['/params/x']!.line, 3);
  });

  test('times have units', () => {
    const timeout = (written: string) =>
      project.pipeline(`stages: { a: { run: stages/split.ts, timeout: ${written} } }`).stages[0]!.timeoutMs;
    assert.deepEqual(
      ['90', '1.5', '250ms', '90s', '30m', '2h', '1d'].map(timeout),
      [90_000, 1500, 250, 90_000, 1_800_000, 7_200_000, 86_400_000],
    );
  });
});
