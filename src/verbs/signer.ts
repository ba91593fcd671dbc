import { fail, type Result } from '../failure.ts';
import { findSigner, type Signer, usualKeyFile } from '../store/remote/signing.ts';

/** The key that this machine signs with; a failure with the way out where it has none. */
export function signerOrWhyNot(): Result<Signer> {
  const found = findSigner();
  if (!found.ok || found.value !== null) return found as Result<Signer>;
  return fail({
    reason: 'usage',
    message: 'there is no key to sign results with, and nobody would use what is not signed',
    help: `\`bloodline remote keygen\` makes one at ${usualKeyFile()}; or let BLOODLINE_SIGNING_KEY name the team’s`,
  });
}
