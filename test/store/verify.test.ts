import assert from 'node:assert/strict';
import { chmodSync, cpSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openStore } from '../../src/store/store.ts';
import { verifyStore } from '../../src/store/verify.ts';
import { DAMAGES } from '../rig/damage.ts';
import { type FrontDoor, openFrontDoor } from '../rig/front-door.ts';
import { value } from './contract.ts';

describe('verify', () => {
  let door: FrontDoor;
  let files: readonly string[];
  const store = () => join(door.root, 'artifacts');
  const whole = () => join(door.root, 'whole');
  before(async () => {
    door = openFrontDoor({
      'pipeline.yaml': `
name: verify
stages:
  table: { command: 'echo a,b > "$BLOODLINE_OUTPUT_T"; echo talks', outputs: [t] }
  folder:
    command: 'mkdir -p "$BLOODLINE_OUTPUT_F/deep"; cp "$BLOODLINE_INPUT_T" "$BLOODLINE_OUTPUT_F/deep/t.csv"; echo some text > "$BLOODLINE_OUTPUT_F/a.txt"'
    inputs: { t: table.t }
    outputs: [f]
  last: { command: 'cat "$BLOODLINE_INPUT_F"/*.txt > "$BLOODLINE_OUTPUT_X"', inputs: { f: folder.f }, outputs: [x] }
`,
    });
    assert.equal((await door.run()).code, 0);
    cpSync(store(), whole(), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    files = readdirSync(whole(), { recursive: true, encoding: 'utf8' }).filter((name) =>
      lstatSync(join(whole(), name)).isFile(),
    );
  });
  after(() => door.remove());
  const restore = () => {
    rmSync(store(), { recursive: true });
    cpSync(whole(), store(), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  };
  const result = () => readFileSync(join(store(), 'latest', 'last', 'x'), 'utf8');

  it('finds nothing in a store that is whole', async () => {
    const { code, stdout } = await door.bloodline('verify');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^3 records and \d files \(.*\) of .* are whole; nothing is damaged\n$/);
  });

  const verified = async () => {
    const opened = value(await openStore(store()));
    return (await verifyStore(store(), opened.index)).wrong;
  };

  // A kind of file each: the store's test of damage tries all.
  for (const kind of [/^blobs\//, /^trees\//, /^records\/[0-9a-f]/, /^history\/last$/, /^checkouts\//])
    it(`finds and repairs damage to ${kind.source}, and the next run makes the same again`, async () => {
      for (const [way, damage] of Object.entries(DAMAGES)) {
        if (way === 'unreadable' && process.getuid?.() === 0) continue;
        restore();
        const file = files.find((name) => kind.test(name))!;
        chmodSync(join(store(), file), 0o644);
        damage(join(store(), file));
        const wrong = await verified();
        assert.ok(wrong.length > 0, way);
        for (const { repair } of wrong) repair?.();
        assert.deepEqual(await verified(), [], way);
      }
      assert.equal((await door.run()).code, 0);
      assert.equal(result(), 'some text\n');
      assert.equal((await door.bloodline('verify')).code, 0);
    });

  it('names what is wrong, and the way out', async () => {
    restore();
    const blob = files.find((name) => name.startsWith('blobs/'))!;
    chmodSync(join(store(), blob), 0o644);
    writeFileSync(join(store(), blob), 'other');
    const { code, stdout } = await door.bloodline('verify');
    assert.equal(code, 3);
    assert.match(stdout, new RegExp(`^${blob} +has other bytes than its name says$`, 'm'));
    assert.match(stdout, /`bloodline verify --repair` sets it aside/);
    const repaired = await door.bloodline('verify', '--repair');
    assert.equal(repaired.code, 0);
    assert.match(repaired.stdout, /damaged, and set aside or put right/);
    assert.equal((await door.bloodline('verify')).code, 0);
  });

  it('where there is no store, says so and makes none', async () => {
    const { code, stderr } = await door.bloodline('--file', 'elsewhere/pipeline.yaml', 'verify');
    assert.equal(code, 2);
    assert.match(stderr, /there is no store at .*elsewhere\/artifacts/);
  });
});
