import type { EngineStatus } from '../engine/status.ts';
import { fail, ok, type Result } from '../failure.ts';

/** `bloodline engine status`. */
export async function engineState({ full }: { readonly full: boolean }): Promise<Result<EngineStatus>> {
  const { engineStatus } = await import('../engine/status.ts');
  return ok(await engineStatus({ full }));
}

/**
 * `bloodline engine install`: resolves to a sentence. With `optional`, no failure is one: the sentence says what is
 * used instead.
 */
export async function engineInstall({
  optional,
  onStep,
  signal,
}: {
  readonly optional: boolean;
  readonly onStep: (step: string) => void;
  readonly signal: AbortSignal;
}): Promise<Result<string>> {
  if (optional && process.env.BLOODLINE_ENGINE === 'wasm')
    return ok('BLOODLINE_ENGINE=wasm: the native engine is not asked for.');
  const { engineStatus } = await import('../engine/status.ts');
  const before = await engineStatus();
  if (before.state === 'installed')
    return ok(`The native engine is installed: TensorFlow ${before.tensorflow} in ${before.folder}.`);
  const { installEngine } = await import('../engine/install.ts');
  const installed = await installEngine({ onStep, signal });
  if (installed.ok)
    return ok(`Installed the native engine: TensorFlow ${installed.value.tensorflow} in ${before.folder}.`);
  // Otherwise `npm start` would go on to train after Ctrl-C.
  if (signal.aborted) return fail({ reason: 'interrupted', signal: 'SIGINT' });
  if (!optional || installed.error.reason !== 'engine') return installed;
  const { message, help } = installed.error;
  return ok(`Goes on without the native engine, on WebAssembly: ${message}${help ? ` (${help})` : ''}.`);
}

/** `bloodline engine remove`: resolves to a sentence. */
export async function engineRemove(): Promise<Result<string>> {
  const { removeEngine } = await import('../engine/status.ts');
  return ok(removeEngine() ? 'Removed the native engine.' : 'There was no native engine.');
}
