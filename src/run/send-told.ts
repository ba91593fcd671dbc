import type { Emit } from '../events.ts';
import type { StageRecord } from '../store/record.ts';
import { SourceDamaged } from '../store/remote/objects.ts';
import type { Remote } from '../store/remote/remote.ts';
import { send } from '../store/remote/send-result.ts';
import type { Signer } from '../store/remote/signing.ts';
import type { Store } from '../store/store.ts';
import { tellTransfer } from './tell-transfer.ts';

/**
 * Sends a result and tells of it: of bytes on their way, and of outputs for which the remote has other bytes. Throws
 * `RemoteTrouble`.
 * @returns `damaged`: our own files do not fit; `bloodline verify` tells which
 */
export async function sendTold(
  remote: Remote,
  store: Store,
  record: StageRecord,
  signer: Signer,
  { emit, signal }: { readonly emit: Emit; readonly signal: AbortSignal },
): Promise<'sent' | 'there' | 'damaged'> {
  const { stage, key } = record;
  const onBytes = tellTransfer(emit, { stage, remote: remote.name, direction: 'to' });
  try {
    const { how, differing } = await send(remote, store.root, record, signer, { signal, onBytes });
    if (differing.length > 0) emit({ type: 'stage-not-deterministic', stage, key, outputs: differing });
    return how;
  } catch (error) {
    if (error instanceof SourceDamaged) return 'damaged';
    throw error;
  }
}
