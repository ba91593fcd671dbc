import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { sha256 } from '../../src/digest.ts';
import type { PublicKey, SharedStore } from '../../src/pipeline/pipeline.ts';
import { connect } from '../../src/store/remote/connect.ts';
import { type Objects, SourceDamaged } from '../../src/store/remote/objects.ts';
import { send } from '../../src/store/remote/send-result.ts';
import { findSigner, newKey } from '../../src/store/remote/signing.ts';
import { openStore } from '../../src/store/store.ts';
import { type FrontDoor, openFrontDoor, type Summary } from '../rig/front-door.ts';
import { value } from './contract.ts';

/** A fresh remote, as the pipeline file says it (without keys) and as it is opened. */
export interface Place {
  readonly yaml: string;
  readonly at: SharedStore['at'];
}

export const PATIENCE = { answerMs: 20_000, stallMs: 20_000 };
/** The private key of the team, and its public half. */
export const TEAM = newKey();
const STRANGER = newKey();
process.env.BLOODLINE_SIGNING_KEY = TEAM.pem;

/** Three stages: many small files, a large one, and one that reads it. */
export const pipeline = (yaml: string, key: PublicKey = TEAM.publicKey): string => `name: shared
remotes:
  team: { ${yaml}, keys: ["${key}"] }
stages:
  many:
    command: 'mkdir -p "$BLOODLINE_OUTPUT_OUT/deep/empty"; for i in $(seq 40); do echo "file $i" > "$BLOODLINE_OUTPUT_OUT/deep/f$i"; done'
    outputs: [out]
  large: { command: 'yes "0123456789abcde" | head -c 9000000 > "$BLOODLINE_OUTPUT_OUT"', outputs: [out], inputs: { many: many.out } }
  last: { command: 'wc -c < "$BLOODLINE_INPUT_LARGE" > "$BLOODLINE_OUTPUT_OUT"', outputs: [out], inputs: { large: large.out } }
`;

/** A pipeline of one stage that comes out with other bytes each time. */
const dice = (yaml: string): string => `name: dice
remotes:
  team: { ${yaml}, keys: ["${TEAM.publicKey}"] }
stages:
  dice: { command: 'head -c 16 /dev/urandom > "$BLOODLINE_OUTPUT_OUT"', outputs: [out] }
`;

const ALL = ['many', 'large', 'last'];

/** What every remote keeps, whatever it is made of. */
export function remoteContract(
  name: string,
  fresh: () => Promise<Place>,
  skip: string | false = false,
): void {
  describe(`remote contract: ${name}`, { skip }, () => {
    let root: string;
    const doors: FrontDoor[] = [];
    const clone = (text: string): FrontDoor => {
      const door = openFrontDoor({ 'pipeline.yaml': text });
      doors.push(door);
      return door;
    };
    const open = ({ at }: Place) => connect({ name: 'team', at, keys: [TEAM.publicKey] }, PATIENCE);

    before(() => {
      root = mkdtempSync(join(tmpdir(), 'bloodline-remote-'));
    });
    after(() => {
      for (const door of doors) door.remove();
      rmSync(root, { recursive: true, force: true });
    });

    it('keeps objects under their names, each written once', async () => {
      const { objects } = await open(await fresh());
      const text = (bytes: string) => Buffer.from(bytes);
      assert.equal(await objects.size('results/a/b.json'), null);
      assert.equal(await objects.read('results/a/b.json'), null);
      assert.deepEqual(await objects.list('results/'), []);
      assert.equal(await objects.put('results/a/b.json', text('first')), 'put');
      assert.equal(await objects.put('results/a/b.json', text('second')), 'there');
      assert.equal(String(await contentOf(objects, 'results/a/b.json')), 'first');
      assert.equal(String(await contentOf(objects, 'results/a/b.json', 2)), 'rst');
      assert.equal(await objects.size('results/a/b.json'), 5);
      await objects.put('results/a/b.json', text('third'), { replace: true });
      await objects.put('results/c/d.json', text(''));
      assert.equal(String(await contentOf(objects, 'results/a/b.json')), 'third');
      assert.deepEqual([...(await objects.list('results/'))].sort(), [
        'results/a/b.json',
        'results/c/d.json',
      ]);
      assert.deepEqual(await objects.list('results/a/'), ['results/a/b.json']);
      objects.close();
    });

    it('takes files of any size, and none whose bytes are not those of its name', async () => {
      const { objects } = await open(await fresh());
      for (const bytes of [0, 100, 20_000_000]) {
        const path = join(root, `file-${bytes}`);
        const content = Buffer.alloc(bytes, 'some bytes ');
        writeFileSync(path, content);
        const file = { path, bytes, onBytes() {} };
        const wrong = { ...file, name: `blobs/wrong-${bytes}`, sha256: sha256('other bytes') };
        await assert.rejects(objects.putFile(wrong), SourceDamaged);
        assert.equal(await objects.size(wrong.name), null);
        await objects.putFile({ ...file, name: `blobs/${bytes}`, sha256: sha256(content) });
        assert.equal(sha256(await contentOf(objects, `blobs/${bytes}`)), sha256(content));
      }
      objects.close();
    });

    it('of twenty who send one result one writes it', async () => {
      const place = await fresh();
      const door = clone(pipeline(place.yaml));
      assert.equal((await door.run('many', '--remote', 'off')).code, 0);
      const store = value(await openStore(join(door.root, 'artifacts')));
      const [record] = store.recordsOf('many', 1);
      const signer = value(findSigner())!;
      const passage = { signal: new AbortController().signal, onBytes() {} };
      const remotes = await Promise.all(Array.from({ length: 20 }, () => open(place)));
      const sent = await Promise.all(
        remotes.map((remote) => send(remote, store.root, record!, signer, passage)),
      );
      assert.equal(sent.filter(({ how }) => how === 'sent').length, 1);
      assert.equal((await remotes[0]!.objects.list('results/')).length, 1);
      assert.equal((await remotes[0]!.objects.list('packs/')).length, 1);
      for (const { objects } of remotes) objects.close();
    });

    it('a second clone with an empty store pulls, and runs nothing', async () => {
      const place = await fresh();
      const text = pipeline(place.yaml);
      const first = clone(text);
      assert.deepEqual((await first.run('--remote', 'write')).ran, ALL);
      const second = clone(text);
      const pulled = await second.bloodline('pull', '--json');
      assert.equal(pulled.code, 0, pulled.stderr);
      assert.deepEqual(
        JSON.parse(pulled.stdout).map(({ how }: { how: string }) => how),
        ['fetched', 'fetched', 'fetched'],
      );
      assert.deepEqual((await second.run('--remote', 'off')).cached, ALL);
      assert.equal((await second.bloodline('verify')).code, 0);
      assert.deepEqual(outputsOf(second), outputsOf(first));
      const again = await second.bloodline('push');
      assert.match(again.stdout, /team: 0 results sent, 3 were there already/);
      const third = clone(text);
      const summary = await third.run();
      assert.deepEqual([summary.ran, summary.cached], [[], ALL], 'a run fetches by itself');
      const everything = clone(text);
      assert.match((await everything.bloodline('pull', '--all')).stdout, /3 results fetched/);
    });

    it('never uses bytes that do not fit, says so, and is mended by the next run that sends', async () => {
      const place = await fresh();
      const text = pipeline(place.yaml);
      assert.deepEqual((await clone(text).run('--remote', 'write')).ran, ALL);
      const { objects } = await open(place);
      const [large] = await objects.list('blobs/');
      const cut = async (name: string, bytes: number) => {
        const content = await contentOf(objects, name);
        await objects.put(name, content.subarray(0, bytes), { replace: true });
      };
      const flip = async (name: string) => {
        const content = await contentOf(objects, name);
        content[content.length >> 1]! ^= 1;
        await objects.put(name, content, { replace: true });
      };
      for (const name of await objects.list('packs/')) await flip(name);
      await cut(large!, 1_000_000);
      const results = await objects.list('results/');
      await flip(results[0]!);
      objects.close();

      const reader = clone(text);
      const read = await reader.run();
      assert.deepEqual([read.code, read.ran], [0, ALL]);
      assert.equal(refusals(read).length, 3, 'each is said');
      assert.equal((await reader.bloodline('verify')).code, 0);
      assert.deepEqual((await clone(text).run('--remote', 'write')).ran, ALL);
      assert.deepEqual((await clone(text).run()).ran, [], 'all is whole again');
    });

    it('does not use what a stranger signed, or nobody, or was changed after it was signed', async () => {
      const place = await fresh();
      const text = pipeline(place.yaml);
      assert.deepEqual((await clone(text).run('many', '--remote', 'write')).ran, ['many']);
      const refused = await clone(pipeline(place.yaml, STRANGER.publicKey)).run('many');
      assert.deepEqual(refused.ran, ['many']);
      assert.match(refusals(refused).join(), /a key signed it that is not trusted here/);

      const { objects } = await open(place);
      const [signed] = await objects.list('results/');
      const content = String(await contentOf(objects, signed!));
      const forged = content.replace(/"ms": \d+/, '"ms": 123456');
      assert.notEqual(forged, content);
      const put = async (name: string, json: string) =>
        objects.put(name, Buffer.from(json), { replace: true });
      await put(signed!, forged);
      await put(signed!.replace(/\.[0-9a-f]{16}\.json$/, '.unsigned.json'), content);
      const run = await clone(text).run('many');
      assert.deepEqual(run.ran, ['many']);
      assert.match(refusals(run).join(), /its signature does not fit/);
      assert.match(refusals(run).join(), /nobody signed it/);
      objects.close();
    });

    it('keeps two results of one key, and says that the stage is not deterministic', async () => {
      const place = await fresh();
      const [first, second] = [clone(dice(place.yaml)), clone(dice(place.yaml))];
      for (const door of [first, second]) assert.equal((await door.run('--remote', 'off')).code, 0);
      assert.equal((await first.bloodline('push')).code, 0);
      const pushed = await second.bloodline('push');
      assert.match(pushed.stderr, /dice: not deterministic: out came out with other bytes/);
      const { objects } = await open(place);
      assert.equal((await objects.list('results/')).length, 2);
      objects.close();
      const third = await clone(dice(place.yaml)).run();
      assert.deepEqual(third.cached, ['dice']);
      assert.ok(third.answer.events.some(({ type }) => type === 'stage-not-deterministic'));
    });
  });
}

export async function contentOf(objects: Objects, name: string, from = 0): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of (await objects.read(name, from))!) parts.push(part);
  return Buffer.concat(parts);
}

const outputsOf = (door: FrontDoor) =>
  ALL.slice(1).map((stage) => sha256(readFileSync(join(door.root, 'artifacts', 'latest', stage, 'out'))));

const refusals = ({ answer }: Summary): readonly string[] =>
  answer.events.flatMap((event) => (event.type === 'result-refused' ? [String(event.why)] : []));
