import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { sha256 } from '../../src/digest.ts';
import { RemoteTrouble } from '../../src/store/remote/objects.ts';
import { openS3 } from '../../src/store/remote/s3.ts';
import { type Fault, openFaultyProxy } from '../rig/faulty-proxy.ts';
import { openFrontDoor } from '../rig/front-door.ts';
import { noRadosgw, type Radosgw, startRadosgw } from '../rig/radosgw.ts';
import { contentOf, PATIENCE, pipeline, remoteContract } from './remote-contract.ts';

const skip = noRadosgw();
let server: Radosgw;
before(async () => {
  if (skip) return;
  server = await startRadosgw();
  await server.makeBucket('results');
});
after(() => server?.stop());

let count = 0;
const fresh = async (port = server.port) => {
  const prefix = `test/${++count}/`;
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    yaml: `s3: { bucket: results, prefix: ${prefix}, endpoint: "${endpoint}" }`,
    at: { bucket: 'results', prefix, endpoint, region: null },
  };
};

remoteContract('S3', () => fresh(), skip);

describe('a network that breaks', { skip }, () => {
  const root = mkdtempSync(join(tmpdir(), 'bloodline-network-'));
  after(() => rmSync(root, { recursive: true, force: true }));
  // Five parts, of which four go at once: when more has gone than these four have, one of them is whole.
  const large = Buffer.concat(Array.from({ length: 8 }, (_, i) => Buffer.alloc(5_000_000, `part ${i} `)));
  const file = {
    name: 'blobs/large',
    path: join(root, 'large'),
    bytes: large.length,
    sha256: sha256(large),
    onBytes() {},
  };
  before(() => writeFileSync(file.path, large));

  /** The same bucket, seen through a network. */
  async function through(at: Awaited<ReturnType<typeof fresh>>['at'], fault: Fault) {
    const proxy = await openFaultyProxy(server.port, fault);
    const objects = await openS3({ ...at, endpoint: `http://127.0.0.1:${proxy.port}` }, PATIENCE);
    return { objects, proxy };
  }

  it('an upload that was cut off goes on with the parts that are there', async () => {
    const { at } = await fresh();
    const first = await through(at, { cutAllAfterSent: 36_000_000 });
    await assert.rejects(first.objects.putFile(file), RemoteTrouble);
    assert.equal(await (await openS3(at, PATIENCE)).size(file.name), null, 'nothing half is seen');
    const second = await through(at, {});
    await second.objects.putFile(file);
    assert.ok(second.proxy.sent() < large.length - 8_000_000, `sent ${second.proxy.sent()} bytes again`);
    assert.equal(sha256(await contentOf(second.objects, file.name)), file.sha256);
    for (const { objects, proxy } of [first, second]) {
      objects.close();
      proxy.close();
    }
  });

  it('a download that is cut off again and again goes on where it was', async () => {
    const place = await fresh();
    const text = pipeline(place.yaml);
    const first = openFrontDoor({ 'pipeline.yaml': text });
    assert.equal((await first.run('--remote', 'write')).code, 0);
    const proxy = await openFaultyProxy(server.port, { cutAnswersAfter: 4_000_000 });
    const second = openFrontDoor({ 'pipeline.yaml': text.replace(String(server.port), String(proxy.port)) });
    const pulled = await second.bloodline('pull');
    assert.match(pulled.stdout, /3 results fetched/, pulled.stderr);
    proxy.close();
    for (const door of [first, second]) door.remove();
  });

  it('what would take longer to fetch than to make is made', async () => {
    const place = await fresh();
    const text = pipeline(place.yaml);
    const first = openFrontDoor({ 'pipeline.yaml': text });
    assert.equal((await first.run('--remote', 'write')).code, 0);
    const proxy = await openFaultyProxy(server.port, { bytesPerSecond: 200_000 });
    const second = openFrontDoor({ 'pipeline.yaml': text.replace(String(server.port), String(proxy.port)) });
    const run = await second.run();
    assert.deepEqual([run.code, run.ran.includes('large')], [0, true]);
    const why = run.answer.events.flatMap((event) =>
      event.type === 'result-refused' ? [String(event.why)] : [],
    );
    assert.match(why.join(), /it would take [\d.]+ s to fetch, and took [\d.]+ s to make/);
    proxy.close();
    for (const door of [first, second]) door.remove();
  });
});
