import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { sha256 } from '../../src/digest.ts';
import type { Failure } from '../../src/failure.ts';
import type { Pipeline, StageId } from '../../src/pipeline/pipeline.ts';
import { below, planPipeline } from '../../src/plan/plan-pipeline.ts';
import { value } from '../store/contract.ts';
import { createProject, type Project, type StageText } from './project.ts';

const stage = (inputs: object, outputs: readonly string[], params: object = {}, body = '') => `
  export const inputs = ${JSON.stringify(inputs)}, outputs = ${JSON.stringify(outputs)};
  export const params = ${JSON.stringify(params)};
  export default async function run() { ${body} }`;

describe('planning', () => {
  let project: Project;
  beforeEach(async () => {
    project = await createProject({
      'package.json': '{ "type": "module" }',
      'in.txt': 'in',
      'a.ts': stage({ source: 'required', weights: 'optional' }, ['x']),
      'b.ts': stage({ x: 'required' }, ['y'], { size: { type: 'integer' } }),
    });
  });
  afterEach(() => project.remove());

  const failure = async (pipeline: Pipeline): Promise<Failure> => {
    const plan = await planPipeline(pipeline, { store: project.store });
    assert.ok(!plan.ok);
    return plan.error;
  };
  const messages = async (stages: Readonly<Record<string, StageText>>) => {
    const { diagnostics } = value(await planPipeline(project.pipeline(stages), { store: project.store }));
    return diagnostics.map(({ message, help }) => (help === undefined ? message : `${message} (${help})`));
  };

  const A: StageText = { run: 'a.ts', inputs: { source: { path: 'in.txt' } } };
  const B: StageText = { run: 'b.ts', inputs: { x: 'a.x' }, params: { size: 1 } };

  it('runs nobody’s code: what was never described is said to be so', async () => {
    project.write({ 'a.ts': `${stage({ source: 'required' }, ['x'])}\n throw new Error('ran');` });
    assert.deepEqual(await project.plan(project.pipeline({ a: A, b: B })), {
      a: 'undescribed',
      b: 'undescribed',
    });
  });

  it('tells all that only descriptions show, at once', async () => {
    await project.run(project.pipeline({ a: A, b: B }));
    assert.deepEqual(
      await messages({
        a: { run: 'a.ts', inputs: { source: null, sauce: { path: 'in.txt' } } },
        a2: { run: 'a.ts' },
        good: A,
        b: { run: 'b.ts', inputs: { x: 'good.z' }, params: {} },
        b2: { run: 'b.ts', inputs: { x: 'good.x' }, params: {} },
      }),
      [
        'a needs its input "source", got null',
        'a has no input "sauce" (it takes source, weights)',
        'a2 needs an input "source", and none is given',
        'good has no output "z" (it makes x)',
        'b2 needs a parameter "size", and none is given',
      ],
    );
  });

  it('says which path is not there, and where', async () => {
    await project.run(project.pipeline({ a: A }));
    const error = await failure(project.pipeline({ a: { ...A, inputs: { source: { path: 'no/such' } } } }));
    assert.deepEqual(error, {
      reason: 'input-missing',
      stage: 'a',
      input: 'source',
      path: join(project.root, 'no/such'),
      help: `${join(project.root, 'no/such')} is not there, or is a link to nothing`,
    });
  });

  it('points into the file that does not build, of all stages at once', async () => {
    project.write({
      'a.ts': "import { gone } from './lib.ts';\nexport default () => 'ü' + gone(;\n",
      'lib.ts': 'export const here = 1;\n',
      'b.ts': "import { gone } from './lib.ts';\nexport default gone;\n",
      'c.ts': 'export const params = {};\n',
    });
    const error = await failure(project.pipeline({ a: A, b: B, c: { run: 'c.ts' }, d: { run: 'd.ts' } }));
    assert.ok(error.reason === 'code-does-not-build');
    assert.equal(error.stage, 'a, b, c, d');
    const found = error.diagnostics.map(({ at, message }) => `${at.file}:${at.line}:${at.column} ${message}`);
    assert.deepEqual(found, [
      'a.ts:2:33 Unexpected ";"',
      'b.ts:1:10 No matching export in "lib.ts" for import "gone"',
      'pipeline.yaml:1:1 c.ts has no default export',
      'pipeline.yaml:1:1 there is no file d.ts',
    ]);
  });

  it('keys an absent optional input as one that is not written', async () => {
    await project.run(project.pipeline({ a: A }));
    const withNull = { ...A, inputs: { ...A.inputs, weights: null } };
    assert.deepEqual(await project.plan(project.pipeline({ a: withNull })), { a: 'hit' });
    const withFile = { ...A, inputs: { ...A.inputs, weights: { path: 'in.txt' } } };
    assert.deepEqual(await project.plan(project.pipeline({ a: withFile })), { a: 'input "weights"' });
  });

  it('tells a person who took an edit back only of what is new', async () => {
    const sized = (size: number) => project.pipeline({ a: A, b: { ...B, params: { size } } });
    await project.run(sized(1));
    await project.run(sized(2));
    const { b } = await project.plan(sized(3));
    assert.equal(b, 'param "size" 2 3', 'of two that are as near, the latest');
    project.write({ 'b.ts': stage({ x: 'required' }, ['y'], { size: { type: 'integer' } }, 'return 1;') });
    assert.deepEqual(await project.plan(sized(1)), { a: 'hit', b: 'code' });
  });

  it('keys commands by their words, the files that they name, and the variables that they may see', async () => {
    const command = {
      command: ['sh', 'run.sh', '$' + '{inputs.a}'],
      sources: ['run.sh', 'lib/**/*.sh'],
      inputs: { a: { path: 'in.txt' } },
      outputs: ['out'],
      env: ['LEVEL'],
    };
    project.write({ 'run.sh': 'echo', 'lib/a.sh': 'a', 'lib/deep/b.sh': 'b', 'lib/note.txt': 'n' });
    const pipeline = project.pipeline({ command });
    const environment = { LEVEL: 's3cret', OTHER: '1' };
    assert.deepEqual(await project.run(pipeline, { environment }), ['command']);
    project.write({ 'lib/note.txt': 'other' });
    const why = async (one = command, level = 's3cret') =>
      (await project.plan(project.pipeline({ command: one }), { environment: { LEVEL: level, OTHER: '2' } }))[
        'command'
      ];
    assert.equal(await why(), 'hit');
    assert.equal(await why(command, '2'), 'environment "LEVEL"');
    assert.equal(await why({ ...command, command: ['sh', '-x', 'run.sh'] }), 'code');
    assert.equal(await why({ ...command, outputs: ['out', 'more'] }), 'outputs');
    project.write({ 'lib/deep/c.sh': 'c' });
    assert.equal(await why(), 'code');
    const error = await failure(
      project.pipeline({ command: { ...command, sources: ['lib/*.py', 'nothing.sh'] } }),
    );
    assert.ok(error.reason === 'code-does-not-build');
    assert.deepEqual(
      error.diagnostics.map(({ message }) => message),
      ['sources: "lib/*.py" names no file', 'sources: "nothing.sh" names no file'],
    );
    assert.ok(
      !JSON.stringify(project.store.recordsOf('command')).includes('s3cret'),
      'values may be secrets',
    );
  });

  it('keys a download by its digest alone, before it is there', async () => {
    const at = { file: 'pipeline.yaml', line: 1, column: 1, length: 1, text: '' };
    const pipeline = project.pipeline({ fetch: { command: ['true'], outputs: ['x'] } });
    const keyOf = async (url: string, hex: string) => {
      const inputs = { w: { kind: 'url', url, digest: { algorithm: 'sha256', hex }, at } } as const;
      const [only] = pipeline.stages;
      const plan = value(
        await planPipeline({ ...pipeline, stages: [{ ...only!, inputs }] }, { store: project.store }),
      );
      const [planned] = plan.stages;
      assert.ok(planned?.state === 'miss');
      return planned.key;
    };
    assert.equal(await keyOf('https://a/w.h5', sha256('w')), await keyOf('https://b/w', sha256('w')));
    assert.notEqual(await keyOf('https://a/w.h5', sha256('w')), await keyOf('https://a/w.h5', sha256('v')));
  });

  it('finds what lies below a stage', () => {
    const pipeline = project.pipeline({
      a: A,
      b: B,
      c: { command: ['true'], inputs: { y: 'b.y + other.y' } },
      other: { command: ['true'] },
    });
    assert.deepEqual([...below(pipeline.stages, ['b' as StageId])], ['b', 'c']);
  });

  it('does not load esbuild where nothing changed', async () => {
    await project.run(project.pipeline({ a: A, b: B }));
    const pipeline = JSON.stringify(project.pipeline({ a: A, b: B }));
    const script = join(project.root, 'again.mjs');
    const from = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);
    writeFileSync(
      script,
      `import { createRequire } from 'node:module';
       const { openStore } = await import(${from('store/store.js')});
       const { planPipeline } = await import(${from('plan/plan-pipeline.js')});
       const store = (await openStore(${JSON.stringify(project.store.root)})).value;
       const plan = await planPipeline(${pipeline}, { store });
       const loaded = Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes('esbuild'));
       console.log(plan.value.stages.map(({ state }) => state).join(), loaded.length);`,
    );
    assert.equal(execFileSync(process.execPath, [script], { encoding: 'utf8' }), 'hit,hit 0\n');
  });

  it('builds again where an import could name another file than before', async () => {
    project.write({
      'a.ts': `import { n } from './lib';\n${stage({ source: 'required' }, ['x'], {}, 'return n;')}`,
    });
    project.write({ 'lib/index.ts': 'export const n = 1;' });
    await project.run(project.pipeline({ a: A }));
    project.write({ 'lib.ts': 'export const n = 2;' });
    assert.deepEqual(await project.plan(project.pipeline({ a: A })), { a: 'code' });
  });
});
