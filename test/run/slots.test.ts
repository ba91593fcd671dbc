import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { slots } from '../../src/run/slots.ts';
import { answerOf, type FrontDoor, openFrontDoor } from '../rig/front-door.ts';
import { openPuppets, puppet } from '../rig/puppets.ts';

describe('slots', () => {
  const machine = { cpu: 4, memory: 10e9 };

  it('hand out as much as there is, and all of it to a wish that is larger', () => {
    const free = slots([], machine);
    const [first, second] = [free.take({ memory: 6e9, cpu: 1 }), free.take({ memory: 4e9, cpu: 2 })];
    assert.ok(first !== null && second !== null);
    assert.equal(free.take({ memory: 1 }), null);
    assert.equal(free.take({ cpu: 2 }), null);
    const third = free.take({ cpu: 1 });
    assert.ok(third !== null);
    free.release(first);
    assert.equal(free.take({ memory: 64e9 }), null, 'more than all waits for all');
    free.release(second);
    const all = free.take({ memory: 64e9 });
    assert.deepEqual(all?.amounts, { memory: 10e9 });
    assert.equal(free.take({ memory: 1 }), null);
    free.release(all!);
    assert.notEqual(free.take({ memory: 10e9, cpu: 3 }), null);
  });

  it('take nothing where one of several is missing', () => {
    const free = slots(['0'], machine);
    const memory = free.take({ memory: 10e9 })!;
    assert.equal(free.take({ gpu: 1, memory: 1e9 }), null);
    assert.notEqual(free.take({ gpu: 1 }), null);
    free.release(memory);
    assert.notEqual(free.take({ memory: 10e9 }), null);
  });

  it('of a name that nobody counted: one', () => {
    const free = slots([], machine);
    const taken = free.take({ license: 1 });
    assert.ok(taken !== null);
    assert.equal(free.take({ license: 1 }), null);
    free.release(taken);
    assert.notEqual(free.take({ license: 3 }), null);
  });
});

describe('accelerators', () => {
  let door: FrontDoor;
  const { PATH, CUDA_VISIBLE_DEVICES } = process.env;
  beforeEach(() => {
    const names = ['a', 'b', 'c'];
    const stage = (name: string) =>
      `  ${name}: { command: [sh, see.sh, ${name}], sources: [see.sh], resources: { gpu: 1 }, outputs: [x] }\n`;
    door = openFrontDoor({
      'pipeline.yaml': `name: gpus\nstages:\n${names.map(stage).join('')}  two: { command: 'echo "$CUDA_VISIBLE_DEVICES" > seen-two; touch "$BLOODLINE_OUTPUT_X"', resources: { gpu: 2 }, outputs: [x] }\n  none: { command: 'echo "$CUDA_VISIBLE_DEVICES" > seen-none; touch "$BLOODLINE_OUTPUT_X"', outputs: [x] }\n`,
      'see.sh': `echo "$CUDA_VISIBLE_DEVICES" > seen-$1; ${puppet('$1')}; touch "$BLOODLINE_OUTPUT_X"`,
      'bin/nvidia-smi': `#!/bin/sh
echo asked >> "$(dirname "$0")/../asked"
printf '0, Fake A\\n1, Fake B\\n2, Fake C\\n'
`,
    });
    chmodSync(join(door.root, 'bin/nvidia-smi'), 0o755);
    process.env.PATH = `${join(door.root, 'bin')}${delimiter}${PATH}`;
    delete process.env.CUDA_VISIBLE_DEVICES;
  });
  afterEach(() => {
    process.env.PATH = PATH;
    if (CUDA_VISIBLE_DEVICES !== undefined) process.env.CUDA_VISIBLE_DEVICES = CUDA_VISIBLE_DEVICES;
    door.remove();
  });
  const seen = (stage: string) => readFileSync(join(door.root, `seen-${stage}`), 'utf8').trim();

  it('are found by nvidia-smi, handed out by id, and seen by no other stage', async () => {
    const puppets = openPuppets(door.root, ['a', 'b', 'c']);
    try {
      const run = answerOf(door.start('run', '--json', '--jobs', '8', 'a', 'b', 'c'));
      const there = [await puppets.heard(), await puppets.heard(), await puppets.heard()];
      assert.deepEqual(there.sort(), ['a', 'b', 'c'], 'three at once');
      assert.deepEqual(['a', 'b', 'c'].map(seen).sort(), ['0', '1', '2']);
      for (const name of there) puppets.letGo(name);
      assert.equal((await run).code, 0);
      assert.equal((await door.run('two', 'none')).code, 0);
      assert.deepEqual([seen('two'), seen('none')], ['0,1', '']);
    } finally {
      puppets.close();
    }
  });

  it('are those that --gpus names: two for three stages, so that one waits', async () => {
    const puppets = openPuppets(door.root, ['a', 'b', 'c']);
    try {
      const run = answerOf(door.start('run', '--json', '--jobs', '8', '--gpus', '0,2', 'a', 'b', 'c'));
      const [first, second] = [await puppets.heard(), await puppets.heard()];
      assert.deepEqual([seen(first), seen(second)].sort(), ['0', '2']);
      puppets.letGo(first);
      const third = await puppets.heard();
      assert.equal(seen(third), seen(first), 'what was given back');
      puppets.letGo(second);
      puppets.letGo(third);
      assert.equal((await run).code, 0);
      assert.equal((await door.run('--gpus', '0,2', 'two')).code, 0);
      assert.equal(seen('two'), '0,2');
      assert.equal(existsSync(join(door.root, 'asked')), false, 'who names them needs no nvidia-smi');
    } finally {
      puppets.close();
    }
  });

  it('are not asked for where no stage wants one, or nothing is to do', async () => {
    assert.equal((await door.run('none')).code, 0);
    assert.equal(existsSync(join(door.root, 'asked')), false);
    assert.equal((await door.run('two')).code, 0);
    assert.equal(readFileSync(join(door.root, 'asked'), 'utf8'), 'asked\n');
    assert.equal((await door.run('two')).code, 0);
    assert.equal(readFileSync(join(door.root, 'asked'), 'utf8'), 'asked\n');
  });

  it('are none where nvidia-smi fails: one stage at a time has the cores', async () => {
    door.write({ 'bin/nvidia-smi': '#!/bin/sh\nexit 9\n' });
    const puppets = openPuppets(door.root, ['a', 'b', 'c']);
    try {
      const run = answerOf(door.start('run', '--json', '--jobs', '8', 'a', 'b'));
      const first = await puppets.heard();
      assert.equal(seen(first), '');
      const other = first === 'a' ? 'b' : 'a';
      assert.equal(existsSync(join(door.root, `seen-${other}`)), false);
      puppets.letGo(first);
      assert.equal(await puppets.heard(), other);
      puppets.letGo(other);
      assert.equal((await run).code, 0);
    } finally {
      puppets.close();
    }
  });
});
