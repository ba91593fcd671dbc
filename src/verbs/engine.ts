import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineKind } from '../engine/folder.ts';
import type { InstallOptions } from '../engine/install.ts';
import type { EngineStatus } from '../engine/status.ts';
import { fail, ok, type Result } from '../failure.ts';

/** `bloodline engine status`: an engine a row. */
export async function engineState({
  full,
}: {
  readonly full: boolean;
}): Promise<Result<readonly EngineStatus[]>> {
  const { enginesStatus } = await import('../engine/status.ts');
  return ok(await enginesStatus({ full }));
}

export interface InstallRequest extends InstallOptions {
  readonly kind: EngineKind;
  /** No failure is one: the sentence says what is used instead. */
  readonly optional: boolean;
}

const NAMES: Readonly<Record<EngineKind, string>> = { cpu: 'the native engine', cuda: 'the CUDA engine' };

/** `bloodline engine install [cpu|cuda]`: resolves to a sentence. Of several at once one works and the others wait. */
export async function engineInstall(request: InstallRequest): Promise<Result<string>> {
  const { kind, optional, onStep, signal } = request;
  if (optional && process.env.BLOODLINE_ENGINE === 'wasm')
    return ok('BLOODLINE_ENGINE=wasm: the native engine is not asked for.');
  const { kindStatus } = await import('../engine/status.ts');
  const there = await alreadyThere(request);
  if (there !== null) return ok(there);
  const { cacheFolder } = await import('../engine/folder.ts');
  const { waitForLock } = await import('../store/lock.ts');
  let lock: Awaited<ReturnType<typeof waitForLock>>;
  try {
    mkdirSync(join(cacheFolder(), 'tmp'), { recursive: true });
    lock = await waitForLock(
      { root: cacheFolder(), name: `engine-${kind}`, run: 'engine install' },
      {
        signal,
        onWait: ({ pid }) => onStep(`another install (process ${pid}) is at it: waits until it has ended`),
      },
    );
  } catch (error) {
    const failure = {
      reason: 'engine',
      message: `the cache folder cannot be written: ${(error as Error).message}`,
      help: 'BLOODLINE_CACHE names another one',
    } as const;
    return optional ? ok(without(failure.message, failure.help)) : fail(failure);
  }
  if (lock === null) return fail({ reason: 'interrupted', signal: 'SIGINT' });
  try {
    const meanwhile = await alreadyThere(request);
    if (meanwhile !== null) return ok(meanwhile);
    const { installEngine } = await import('../engine/install.ts');
    const installed = await installEngine(kind, request);
    if (installed.ok) {
      const { folder } = await kindStatus(kind);
      return ok(`Installed ${NAMES[kind]}: TensorFlow ${installed.value.tensorflow} in ${folder}.`);
    }
    // Otherwise `npm start` would go on to train after Ctrl-C.
    if (signal.aborted) return fail({ reason: 'interrupted', signal: 'SIGINT' });
    if (!optional || installed.error.reason !== 'engine') return installed;
    return ok(without(installed.error.message, installed.error.help));
  } finally {
    lock.release();
  }
}

const without = (message: string, help?: string): string =>
  `Goes on without the native engine, on WebAssembly: ${message}${help ? ` (${help})` : ''}.`;

async function alreadyThere({ kind, sources }: InstallRequest): Promise<string | null> {
  const { kindStatus } = await import('../engine/status.ts');
  const { state, tensorflow, folder } = await kindStatus(kind, sources === undefined ? {} : { sources });
  if (state !== 'installed') return null;
  const name = NAMES[kind][0]!.toUpperCase() + NAMES[kind].slice(1);
  return `${name} is installed: TensorFlow ${tensorflow} in ${folder}.`;
}

/** `bloodline engine remove [cpu|cuda]`: resolves to a sentence. */
export async function engineRemove(kind: EngineKind): Promise<Result<string>> {
  const { removeEngine } = await import('../engine/status.ts');
  return ok(
    removeEngine(kind) ? `Removed ${NAMES[kind]}.` : `${NAMES[kind]} was not there.`.replace(/^t/, 'T'),
  );
}
