import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openFrontDoor } from '../rig/front-door.ts';

// Stages that only say what a training, an evaluation and a comparison would: the command knows no tensor.
const say = (name: string, value: string): string =>
  `echo "{\\"type\\":\\"metric\\",\\"name\\":\\"${name}\\",\\"value\\":${value}}" >> "$BLOODLINE_EVENTS"`;
const door = openFrontDoor({
  'train.sh': `mkdir "$2"; echo "{\\"name\\":\\"$1\\"}" > "$2/model.json"`,
  'evaluate.sh': `mkdir "$3"; echo '{"of":"'"$1"'"}' > "$3/use.json"; ${say('balanced accuracy', '$2')}`,
  'compare.sh': `echo x > "$1"; ${say('box size alone: balanced accuracy', '0.7')}`,
  'pipeline.yaml': `name: cells
params: { models: [weak, good, better], data: one }
stages:
  train:
    matrix: { model: "\${models}" }
    command: [sh, train.sh, "\${params.name}", "\${outputs.model}"]
    sources: [train.sh]
    params: { name: "\${model}" }
    outputs: [model]
  evaluate:
    matrix: { model: "\${models}" }
    command: 'case "$BLOODLINE_PARAM_NAME" in weak) a=0.6;; good) a=0.8;; *) a=0.9;; esac; sh evaluate.sh "$BLOODLINE_PARAM_NAME" $a "$BLOODLINE_OUTPUT_EVALUATION"'
    sources: [evaluate.sh]
    inputs: { model: train.model, data: { path: "\${data}" } }
    params: { name: "\${model}" }
    outputs: [evaluation]
  compare:
    command: [sh, compare.sh, "\${outputs.comparison}"]
    sources: [compare.sh]
    inputs: { evaluations: evaluate.evaluation }
    outputs: [comparison]
`,
  one: 'test cells',
  two: 'other test cells',
});
after(() => door.remove());

test('gates decide which model is in use; a person may overrule them and go back', async () => {
  assert.match((await door.bloodline('champion')).stdout, /No model is in use/);
  assert.match((await door.bloodline('champion', 'promote', 'good')).stderr, /good never ran here/);
  assert.equal((await door.run('--json')).code, 0);

  const weak = await door.bloodline('champion', 'promote', 'weak');
  assert.equal(weak.code, 4, weak.stderr);
  assert.match(weak.stdout, /NOT MET {2}beats the baselines: not better than box size alone \(0\.700\)/);
  assert.match((await door.bloodline('champion')).stdout, /No model is in use/);

  assert.equal((await door.bloodline('champion', 'promote', 'better')).code, 0);
  const worse = await door.bloodline('champion', 'promote', 'train@good');
  assert.equal(worse.code, 4);
  assert.match(worse.stdout, /NOT MET {2}not worse than the champion: worse than the champion train@better/);

  const forced = await door.bloodline('champion', 'promote', 'good', '--against-gates', 'better is too slow');
  assert.equal(forced.code, 0);
  assert.match(
    (await door.bloodline('champion')).stdout,
    /train@good is in use[\s\S]*against the gates: better is too slow/,
  );
  const back = await door.bloodline('champion', 'rollback');
  assert.match(back.stdout, /In use again: train@better/);
  const all = JSON.parse((await door.bloodline('champion', 'show', '--json')).stdout) as {
    stage: string;
    why: string;
  }[];
  assert.deepEqual(
    all.map(({ stage }) => stage),
    ['train@better', 'train@good', 'train@better'],
  );
  assert.match(all[2]!.why, /rolled back from train@good/);
});

test('models that were tested on other cells are not held against each other', async () => {
  assert.equal((await door.run('--json', '--param', 'data=two')).code, 0);
  const good = await door.bloodline('champion', 'promote', 'good', '--param', 'data=two');
  assert.equal(good.code, 4);
  assert.match(good.stdout, /the champion was not evaluated on these test cells/);
});

test('gates of the pipeline file count too: where one is not met, the record of champions stays as it was', async () => {
  const file = join(door.root, 'pipeline.yaml');
  const gates = `gates:
  floor: { stage: evaluate, metric: balanced accuracy, min: 0.75 }
  no-fall: { stage: evaluate, metric: balanced accuracy, max-drop: 0.05 }
`;
  door.write({ 'gated.yaml': readFileSync(file, 'utf8').replace('name: cells\n', `name: gated\n${gates}`) });
  const gated = (...args: string[]) => door.bloodline('--file', 'gated.yaml', ...args);
  assert.equal((await gated('run')).code, 0, 'of the instances the best counts');
  const record = () => {
    const path = join(door.root, 'artifacts', 'champions', 'gated.json');
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  };
  const weak = await gated('champion', 'promote', 'weak');
  assert.equal(weak.code, 4);
  assert.match(weak.stdout, /NOT MET {2}floor: balanced accuracy of evaluate@weak is 0\.6, at least 0\.75/);
  assert.equal(record(), null);

  assert.equal((await gated('champion', 'promote', 'better')).code, 0);
  const before = record();
  const good = await gated('champion', 'promote', 'good');
  assert.equal(good.code, 4);
  assert.match(good.stdout, /NOT MET {2}no-fall: .*the champion has 0\.9, and 0\.05 less is allowed/);
  assert.equal(record(), before);

  const fallen = await gated('run', '--param', 'models=[weak, good]');
  assert.equal(fallen.code, 4);
  assert.match(fallen.stderr, /gate no-fall: NOT met: .*evaluate@good is 0\.8/);
  assert.equal(record(), before, 'a run moves nobody');
});
