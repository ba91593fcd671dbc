import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type Answer, answerOf, type FrontDoor, openFrontDoor } from '../rig/front-door.ts';
import { openPuppets, type Puppets, puppet } from '../rig/puppets.ts';

describe('the order in which stages run', () => {
  let door: FrontDoor;
  let puppets: Puppets | undefined;
  afterEach(() => {
    puppets?.close();
    door.remove();
  });
  /** Independent stages that wait for the test, each with these keys more. */
  const open = (stages: Readonly<Record<string, string>>) => {
    const texts = Object.entries(stages).map(
      ([name, more]) =>
        `  ${name}: { command: '${puppet(name)}; echo ${name} > "$BLOODLINE_OUTPUT_X"', sources: [], outputs: [x]${more} }`,
    );
    door = openFrontDoor({ 'pipeline.yaml': `name: order\nstages:\n${texts.join('\n')}\n` });
    puppets = openPuppets(door.root, Object.keys(stages));
    return puppets;
  };

  it('as many at once as --jobs says', async () => {
    const { heard, letGo } = open({ a: '', b: '', c: '', d: '' });
    const ended = answerOf(door.start('run', '--json', '--jobs', '2'));
    const first = [await heard(), await heard()];
    assert.deepEqual(first.sort(), ['a', 'b'], 'two run at the same time');
    letGo('b');
    assert.equal(await heard(), 'c', 'a place that is free is taken, whichever it was');
    letGo('a');
    assert.equal(await heard(), 'd');
    letGo('c');
    letGo('d');
    const answer = await ended;
    assert.equal(answer.code, 0);
    assert.equal(mostAtOnce(answer, ['a', 'b', 'c', 'd']), 2);
  });

  it('stages that want the same slot run one at a time, others beside them', async () => {
    const gpu = ', resources: { gpu: 1 }';
    const { heard, letGo } = open({ a: gpu, b: gpu, c: '' });
    const ended = answerOf(door.start('run', '--json', '--jobs', '8'));
    assert.deepEqual([await heard(), await heard()].sort(), ['a', 'c']);
    letGo('a');
    assert.equal(await heard(), 'b');
    letGo('b');
    letGo('c');
    const answer = await ended;
    assert.equal(mostAtOnce(answer, ['a', 'b']), 1);
    assert.equal(mostAtOnce(answer, ['a', 'b', 'c']), 2);
  });

  it('with two accelerators, each stage has one of its own', async () => {
    const gpu = ', resources: { gpu: 1 }';
    const { heard, letGo } = open({ a: gpu, b: gpu });
    const ended = answerOf(door.start('run', '--json', '--jobs', '8', '--gpus', '3,5'));
    assert.deepEqual([await heard(), await heard()].sort(), ['a', 'b']);
    letGo('a');
    letGo('b');
    assert.equal(mostAtOnce(await ended, ['a', 'b']), 2);
  });

  it('in another order when told to shuffle, to the same bytes', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const stages = names.map(
      (name) => `  ${name}: { command: 'echo ${name} > "$BLOODLINE_OUTPUT_X"', sources: [], outputs: [x] }`,
    );
    door = openFrontDoor({ 'pipeline.yaml': `name: shuffle\nstages:\n${stages.join('\n')}\n` });
    const startedIn = async (shuffle: string | null) => {
      if (shuffle !== null) process.env['BLOODLINE_SHUFFLE'] = shuffle;
      try {
        const { answer } = await door.run('--jobs', '1', ...names.flatMap((name) => ['--force', name]));
        assert.ok(!answer.events.some(({ type }) => type === 'stage-not-deterministic'));
        return answer.events.filter(({ type }) => type === 'stage-started').map(({ stage }) => stage);
      } finally {
        delete process.env['BLOODLINE_SHUFFLE'];
      }
    };
    assert.deepEqual(await startedIn(null), names, 'as written');
    const shuffled = await startedIn('3');
    assert.notDeepEqual(shuffled, names);
    assert.deepEqual([...shuffled].sort(), names);
    assert.deepEqual(await startedIn('3'), shuffled, 'one seed, one order');
  });

  it('the longest way to an end first, by what stages took the last time, which is said at the start', async () => {
    const stage = (name: string, seconds: number, needs = '') =>
      `  ${name}: { command: 'sleep ${seconds}; echo ${name} > "$BLOODLINE_OUTPUT_X"', outputs: [x]${needs} }\n`;
    door = openFrontDoor({
      'pipeline.yaml': `name: ways\nstages:\n${stage('quick', 0)}${stage('slow', 0.6)}${stage('head', 0)}${stage('tail', 1.2, ', inputs: { x: head.x }')}`,
    });
    const names = ['quick', 'slow', 'head', 'tail'];
    const again = async () => {
      const { answer } = await door.run('--jobs', '1', ...names.flatMap((name) => ['--force', name]));
      const started = answer.events.filter(({ type }) => type === 'stage-started').map(({ stage }) => stage);
      return { first: answer.events[0]!, started };
    };
    const cold = await again();
    assert.equal(cold.first['expectedMs'], null);
    assert.deepEqual(cold.started, ['head', 'quick', 'slow', 'tail'], 'nothing is known but the graph');
    const warm = await again();
    assert.deepEqual(warm.started, ['head', 'tail', 'slow', 'quick']);
    assert.ok((warm.first['expectedMs'] as number) >= 1800, JSON.stringify(warm.first));
    const plans = warm.first['stages'] as { stage: string; expectedMs?: number }[];
    assert.ok(plans.find(({ stage }) => stage === 'tail')!.expectedMs! >= 1200);
    const { stderr } = await door.bloodline('run', '--force', 'slow');
    assert.match(stderr, /4 stages, 1 not in the store, about \d+ ms|about \d\.\d s/);
  });

  it('does not wait for the next attempt of a failed stage after Ctrl-C', async () => {
    door = openFrontDoor({
      'pipeline.yaml':
        "name: retry\nstages:\n  flaky: { command: 'exit 1', sources: [], outputs: [x], retries: 20 }\n",
    });
    const child = door.start('run', '--json');
    const ended = answerOf(child);
    let tried = 0;
    let asked = 0;
    child.stdout!.on('data', (text: string) => {
      tried += text.split('"stage-retried"').length - 1;
      // The wait before the fifth attempt is 2 s.
      if (tried < 4 || asked > 0) return;
      asked = performance.now();
      child.kill('SIGINT');
    });
    const { code, events } = await ended;
    assert.equal(code, 130);
    assert.ok(performance.now() - asked < 1500, `${performance.now() - asked} ms`);
    assert.equal(events.filter(({ type }) => type === 'stage-started').length, 4);
    assert.deepEqual(events.at(-1)?.['failed'], ['flaky']);
  });
});

/** How many of these stages ran at the same time, by the events of the run. */
function mostAtOnce({ events }: Answer, names: readonly string[]): number {
  const running = new Set<string>();
  let most = 0;
  for (const { type, stage } of events) {
    if (!names.includes(String(stage))) continue;
    if (type === 'stage-started') running.add(String(stage));
    if (type === 'stage-finished' || type === 'stage-failed') running.delete(String(stage));
    most = Math.max(most, running.size);
  }
  return most;
}
