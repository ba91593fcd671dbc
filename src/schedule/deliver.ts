import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import type { Notify } from '../pipeline/pipeline.ts';
import type { Notice } from './notice.ts';

export interface Patience {
  /** Between attempts, ms: there is one attempt more than there are pauses. */
  readonly pauses: readonly number[];
  /** How long one attempt may take, ms. */
  readonly attemptMs: number;
}

const PATIENCE: Patience = { pauses: [1000, 4000, 16_000], attemptMs: 15_000 };

/**
 * Tells somebody of a run: `null` where it was taken, else why not, in a few words. Neither the address, which may be a
 * secret, nor the value of the header, nor what a command prints is in them.
 * @param folder where commands are started
 */
export async function deliver(
  { to }: Notify,
  notice: Notice,
  {
    folder,
    env = process.env,
    patience: { pauses, attemptMs } = PATIENCE,
  }: {
    readonly folder: string;
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly patience?: Patience;
  },
): Promise<string | null> {
  const body = JSON.stringify(notice);
  const attempt =
    to.kind === 'command'
      ? () => tellCommand(to.command, { body, folder, attemptMs })
      : prepareRequest(to, env, { body, attemptMs });
  if (typeof attempt === 'string') return attempt;
  for (let tried = 0; ; tried++) {
    const outcome = await attempt();
    if (outcome === null) return null;
    const wait = pauses[tried];
    if (outcome.isFinal || wait === undefined)
      return tried === 0 ? outcome.why : `${outcome.why}, at the last of ${tried + 1} attempts`;
    await pause(wait);
  }
}

type Refusal = { readonly why: string; readonly isFinal: boolean };

async function tellCommand(
  [program, ...args]: readonly string[],
  { body, folder, attemptMs }: { body: string; folder: string; attemptMs: number },
): Promise<Refusal | null> {
  const { exitCode, timedOut, failed, code } = await execa(program!, args, {
    cwd: folder,
    input: body,
    stdout: 'ignore',
    stderr: 'ignore',
    reject: false,
    timeout: attemptMs,
    forceKillAfterDelay: 2000,
  });
  // One that does not read what it is told may have done its work all the same.
  if (!failed || (exitCode === 0 && !timedOut)) return null;
  if (timedOut) return { why: `its command took longer than ${attemptMs / 1000} s`, isFinal: false };
  if (exitCode === undefined)
    return { why: `its command could not be started (${code ?? 'killed'})`, isFinal: true };
  return { why: `its command ended with exit code ${exitCode}`, isFinal: false };
}

/** Asked again later these may say yes. */
const BUSY = [408, 425, 429];

/** What is said of an address or a header is by the name of its variable, never by its value. */
function prepareRequest(
  { url, header }: Extract<Notify['to'], { kind: 'webhook' }>,
  env: Readonly<Record<string, string | undefined>>,
  { body, attemptMs }: { body: string; attemptMs: number },
): string | (() => Promise<Refusal | null>) {
  const address = 'text' in url ? url.text : env[url.env];
  if (!address) return `the variable ${(url as { env: string }).env} is not set`;
  if (!/^https?:\/\//.test(address) || !URL.canParse(address))
    return `what the variable ${(url as { env: string }).env} holds is no http(s) address`;
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (header !== null) {
    const value = env[header.env];
    if (!value) return `the variable ${header.env} is not set`;
    if (!/^[\t\x20-\x7e]+$/.test(value)) return `what the variable ${header.env} holds cannot be a header`;
    headers[header.name] = value;
  }
  return async () => {
    try {
      // The header is for this address, not for where it may send us.
      const response = await fetch(address, {
        ...{ method: 'POST', body, headers, redirect: 'manual' },
        signal: AbortSignal.timeout(attemptMs),
      });
      await response.body?.cancel();
      if (response.ok) return null;
      const { status } = response;
      return { why: `it answered ${status}`, isFinal: status < 500 && !BUSY.includes(status) };
    } catch (error) {
      return { why: reasonOf(error, attemptMs), isFinal: false };
    }
  };
}

function reasonOf(error: unknown, attemptMs: number): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  if (name === 'TimeoutError') return `no answer within ${attemptMs / 1000} s`;
  return `it could not be reached (${cause?.code ?? 'broken off'})`;
}
