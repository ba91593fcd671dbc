import { chooseEngine, type Device, nameOfChoice } from '../engine/choose.ts';
import { engineEnvironment } from '../engine/environment.ts';

export interface StageEngine {
  /** What its checkpoints are kept apart by: `auto` is resolved. */
  readonly name: string;
  /** For its process. */
  readonly env: Readonly<Record<string, string>>;
}

/** The tensor engine of a stage: its parameters `engine`, `device`, `threads` and `gpuMath` are for it, if it has them. */
export function engineFor(params: Readonly<Record<string, unknown>>, gpuIds: readonly string[]): StageEngine {
  const { engine, device, threads, gpuMath } = params;
  const choice = chooseEngine({
    gpuIds,
    ...(typeof engine === 'string' ? { want: engine } : {}),
    ...(device === 'cpu' || device === 'gpu' ? { device: device satisfies Device } : {}),
  });
  const env = engineEnvironment({
    gpuIds,
    choice,
    ...(typeof threads === 'number' ? { threads } : {}),
    gpuMath: gpuMath === 'fast' ? 'fast' : 'exact',
  });
  return { name: nameOfChoice(choice), env };
}
