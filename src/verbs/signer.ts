import { fail, ok, type Result } from '../failure.ts';
import type { SharedStore } from '../pipeline/pipeline.ts';
import { findSigner, type Signer, usualKeyFile } from '../store/remote/signing.ts';

/** The key that this machine signs with for these remotes; a failure with the way out where none counts there. */
export function signerOrWhyNot(remotes: readonly SharedStore[]): Result<Signer> {
  const found = findSigner();
  if (!found.ok) return found;
  const signer = found.value;
  const distrusts =
    signer === null ? undefined : remotes.find(({ keys }) => !keys.includes(signer.publicKey));
  if (distrusts !== undefined)
    return fail({
      reason: 'usage',
      message: `your key is not among the keys of the remote ${distrusts.name}: nobody would use what it signs`,
      help: `write ${signer!.publicKey} there, or let BLOODLINE_SIGNING_KEY name the team’s key`,
    });
  if (signer !== null) return ok(signer);
  return fail({
    reason: 'usage',
    message: 'there is no key to sign results with, and nobody would use what is not signed',
    help: `\`bloodline remote keygen\` makes one at ${usualKeyFile()}; or let BLOODLINE_SIGNING_KEY name the team’s`,
  });
}
