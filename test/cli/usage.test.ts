import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { type FrontDoor, openFrontDoor } from '../rig/front-door.ts';

const PIPELINE = `
name: usage
params: { word: hello }
profiles:
  demo: { word: bye }
stages:
  first: { command: 'echo "$BLOODLINE_PARAM_WORD" > "$BLOODLINE_OUTPUT_X"', params: { word: "\${word}" }, sources: [], outputs: [x] }
  train:
    matrix: { model: [small, large] }
    command: 'echo "$BLOODLINE_PARAM_MODEL" > "$BLOODLINE_OUTPUT_X"'
    params: { model: "\${model}" }
    inputs: { x: first.x }
    sources: []
    outputs: [x]
`;

describe('slips on the command line', () => {
  let door: FrontDoor;
  before(() => {
    door = openFrontDoor({ 'pipeline.yaml': PIPELINE });
  });
  after(() => door.remove());

  for (const [line, said] of [
    ['stauts', /unknown command 'stauts'\n\(Did you mean status\?\)/],
    ['run --josn', /unknown option '--josn'\n\(Did you mean --json\?\)/],
    ['run frist', /there is no stage "frist"\n {2}did you mean "first"\?/],
    ['run train@smal', /there is no stage "train@smal"\n {2}did you mean "train@small"\?/],
    ['run --force frist', /there is no stage "frist"/],
    ['run --from frist', /there is no stage "frist"/],
    ['show frist', /there is no stage "frist"\n {2}did you mean "first"\?/],
    ['run --profile dmeo', /there is no profile "dmeo"\n {2}did you mean "demo"\?/],
    ['status --param wrd=1', /the pipeline has no param "wrd"\n {2}did you mean "word"\?/],
    ['run --param word', /--param takes name=value, got "word"/],
    ['run --param word=[', /the value of --param word=\[ is no YAML/],
    ['run --jobs 0', /'0' is invalid. Expected a whole number from 1 up/],
    ['run --jobs many', /'many' is invalid/],
    ['show', /missing required argument 'stage'/],
    ['--file other.yaml status', /there is no file .*other\.yaml/],
    ['-C nowhere status', /there is no file .*nowhere\/pipeline\.yaml/],
  ] as const)
    it(line, async () => {
      const { code, stdout, stderr } = await door.bloodline(...line.split(' '));
      assert.match(stderr, said);
      assert.equal(stdout, '');
      assert.equal(code, 2);
    });

  it('a mistake in the pipeline file: where it is, and exit code 2', async () => {
    const other = openFrontDoor({ 'pipeline.yaml': PIPELINE.replace('first.x', 'frist.x') });
    try {
      const { code, stderr } = await other.bloodline('run');
      assert.equal(code, 2);
      assert.match(stderr, /pipeline\.yaml:\d+:\d+: error: .*frist/);
      assert.match(stderr, /did you mean "first/);
    } finally {
      other.remove();
    }
  });

  it('--help and --version end well', async () => {
    const help = await door.bloodline('--help');
    assert.equal(help.code, 0);
    for (const part of [
      /^Usage: bloodline/,
      /\n {2}run \[options\]/,
      /\n {2}status/,
      /\nExamples:/,
      /\nExit codes: 0 done/,
    ])
      assert.match(help.stdout, part);
    for (const verb of ['run', 'status', 'show', 'predict', 'engine']) {
      const { code, stdout } = await door.bloodline(verb, '--help');
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`^Usage: bloodline ${verb}`));
    }
    const file = new URL('../../../package.json', import.meta.url);
    const { version } = JSON.parse(readFileSync(file, 'utf8'));
    const told = await door.bloodline('--version');
    assert.deepEqual([told.code, told.stdout], [0, `${version}\n`]);
  });

  it('a stage of a matrix by its name, its coordinates, or all of them', async () => {
    assert.deepEqual((await door.run('train@small')).ran, ['first', 'train@small']);
    assert.deepEqual((await door.run('--force', 'train@model=large')).ran, ['train@large']);
    assert.deepEqual((await door.run('--force', 'train')).ran, ['train@small', 'train@large']);
    assert.deepEqual((await door.run('first', '--force', 'first')).ran, ['first']);
  });
});
