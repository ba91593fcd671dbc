import { sha256 } from '../../digest.ts';
import type { StageRecord } from '../record.ts';
import { differingOutputs } from '../records.ts';
import { contentsOf, divide, pathOfContent } from './contents.ts';
import { offerOf, type Passage, unlessAborted } from './fetch-result.ts';
import { pack } from './pack.ts';
import type { Remote } from './remote.ts';
import { contentName, packName, resultName, type SharedResult, writeResult } from './signed-result.ts';
import type { Signer } from './signing.ts';

export interface Sent {
  /** `there`: somebody else, or we, sent it before. */
  readonly how: 'sent' | 'there';
  /** Outputs for which the remote has other bytes too, of the same key. */
  readonly differing: readonly string[];
}

/**
 * Sends a result: its files first, its record last, so that whoever sees a record finds its files. Of twenty who send
 * the same at once one writes it, and the others find it there. Throws `RemoteTrouble`, and `SourceDamaged` where our own
 * files are not what their names say.
 */
export async function send(
  remote: Remote,
  root: string,
  record: StageRecord,
  signer: Signer,
  passage: Passage,
): Promise<Sent> {
  const { objects, damaged } = remote;
  const name = resultName(record, signer.publicKey);
  if ((await objects.size(name)) !== null) {
    // Read all that is there of this key: that also finds out if what has our name is damaged.
    const others = await differing(remote, record);
    if (!damaged.has(record.key)) return { how: 'there', differing: others };
  }
  const result = await sendContents(remote, root, record, passage);
  const text = Buffer.from(writeResult(result, signer));
  const how = await objects.put(name, text, { replace: damaged.has(record.key) });
  damaged.delete(record.key);
  return { how: how === 'put' ? 'sent' : 'there', differing: await differing(remote, record) };
}

async function sendContents(
  remote: Remote,
  root: string,
  record: StageRecord,
  { onBytes, signal }: Passage,
): Promise<SharedResult> {
  const { objects, queue, damaged } = remote;
  const contents = contentsOf(root, record);
  const { alone, packs } = divide(contents);
  const total = contents.reduce((sum, { bytes }) => sum + bytes, 0);
  const count = (bytes: number): void => {
    signal.throwIfAborted();
    onBytes(bytes, total);
  };
  const missing = async (name: string, bytes: number): Promise<boolean> =>
    damaged.has(record.key) || (await objects.size(name)) !== bytes;
  const sendPack = async (contents: (typeof packs)[number]): Promise<SharedResult['packs'][number]> => {
    const bytes = pack(root, contents);
    const digest = sha256<'pack'>(bytes);
    const name = packName(digest);
    if (await missing(name, bytes.length)) await objects.put(name, bytes, { replace: true });
    count(contents.reduce((sum, { bytes }) => sum + bytes, 0));
    return { digest, bytes: bytes.length };
  };
  const sendAlone = async (content: (typeof alone)[number]): Promise<void> => {
    const { digest, bytes } = content;
    const name = contentName(content);
    if (await missing(name, bytes))
      await objects.putFile({
        name,
        path: pathOfContent(root, content),
        bytes,
        sha256: digest,
        onBytes: count,
      });
    else count(bytes);
  };
  const [packed] = await Promise.all([
    Promise.all(packs.map((contents) => queue.add(unlessAborted(signal, () => sendPack(contents))))),
    Promise.all(alone.map((content) => queue.add(unlessAborted(signal, () => sendAlone(content))))),
  ]);
  return { record, packs: packed, alone };
}

/** Outputs that a result of the same key, by anyone who is trusted, has with other bytes. */
async function differing(remote: Remote, record: StageRecord): Promise<readonly string[]> {
  const { results } = await offerOf(remote, record.key);
  return differingOutputs(
    record,
    results.map((other) => other.record),
  );
}
