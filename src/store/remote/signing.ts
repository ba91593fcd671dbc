import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../digest.ts';
import { type Failure, fail, ok, type Result } from '../../failure.ts';
import type { PublicKey } from '../../pipeline/pipeline.ts';

/** A private key that this process may sign with. */
export interface Signer {
  readonly publicKey: PublicKey;
  readonly sign: (text: string) => string;
}

const PREFIX = 'ed25519:';
const LENGTH = 32;

/** A public key as it was written; `null` if it is none. */
export function readPublicKey(text: string): PublicKey | null {
  if (!text.startsWith(PREFIX)) return null;
  const encoded = text.slice(PREFIX.length);
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.length === LENGTH && bytes.toString('base64') === encoded ? (text as PublicKey) : null;
}

/** How names of objects tell who signed: short, and the same for all who share a key. */
export const signerId = (key: PublicKey): string => sha256<'public key'>(key).slice(0, 16);

/** The members by which a text says who signed it. */
export const signature = (signer: Signer | null, text: string) => ({
  signer: signer?.publicKey ?? null,
  signature: signer?.sign(text) ?? null,
});

/** Why a text from elsewhere is not used. */
export interface Refusal {
  readonly ok: false;
  readonly why: string;
  /** Whether it would be used by somebody who trusts whoever signed it, or nobody. */
  readonly byStranger: boolean;
}

export const refusal = (why: string, byStranger = false): Refusal => ({ ok: false, why, byStranger });

/** Why what came with a text is no signature of a trusted key; `null` where it is. */
export function whyNotTrusted(
  { signer, signature }: { readonly signer: unknown; readonly signature: unknown },
  text: string,
  trusted: readonly PublicKey[],
): Refusal | null {
  if (typeof signer !== 'string' || typeof signature !== 'string') return refusal('nobody signed it', true);
  const key = trusted.find((one) => one === signer);
  if (key === undefined)
    return refusal(`it was signed by ${JSON.stringify(signer)}, which is not trusted here`, true);
  return isSignedBy(key, text, signature) ? null : refusal('its signature does not fit');
}

function isSignedBy(key: PublicKey, text: string, signature: string): boolean {
  const x = Buffer.from(key.slice(PREFIX.length), 'base64').toString('base64url');
  const object = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verifyBytes(null, Buffer.from(text), object, Buffer.from(signature, 'base64'));
}

/** Where `bloodline remote keygen` puts the private key, and where it is looked for. */
export const usualKeyFile = (): string =>
  join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'bloodline', 'signing.key');

/** The private key as a PEM text, and its public half. */
export function newKey(): { readonly pem: string; readonly publicKey: PublicKey } {
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    publicKey: publicKeyOf(privateKey),
  };
}

/**
 * The key to sign with: the PEM text or the file that BLOODLINE_SIGNING_KEY names, else the usual file; `null` where
 * there is none. Fails with `usage` for one that can't be read or is of another kind.
 */
export function findSigner(): Result<Signer | null, Failure> {
  const given = process.env.BLOODLINE_SIGNING_KEY;
  const file = given || usualKeyFile();
  let pem = file;
  if (!file.startsWith('-----BEGIN')) {
    try {
      pem = readFileSync(file, 'utf8');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (!given && code === 'ENOENT') return ok(null);
      return fail({ reason: 'usage', message: `the signing key cannot be read: ${message}`, help: HELP });
    }
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    const where = pem === file ? 'BLOODLINE_SIGNING_KEY' : file;
    return fail({ reason: 'usage', message: `${where} holds no private key in PEM`, help: HELP });
  }
  if (key.asymmetricKeyType !== 'ed25519')
    return fail({
      reason: 'usage',
      message: `the signing key must be an Ed25519 key, got one of type ${key.asymmetricKeyType}`,
      help: HELP,
    });
  return ok({
    publicKey: publicKeyOf(key),
    sign: (text) => signBytes(null, Buffer.from(text), key).toString('base64'),
  });
}

const HELP = '`bloodline remote keygen` makes one; BLOODLINE_SIGNING_KEY names its file';

function publicKeyOf(key: KeyObject): PublicKey {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return `${PREFIX}${Buffer.from(x!, 'base64url').toString('base64')}` as PublicKey;
}
