import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Variable } from '@tensorflow/tfjs';
import type { Epoch } from './curves.ts';
import type { Adam } from './optimizer.ts';
import { type Weights, writeTensors } from './weights.ts';

/** Where a training stands after an epoch. */
export interface Progress {
  readonly history: readonly Epoch[];
  /** The epoch whose weights are the best so far; 0: none yet. */
  readonly best: number;
  readonly steps: number;
}

/** The folder of a training's checkpoints: `state.json`, renamed into place last, says which files count. */
export interface Checkpoint {
  /** What an earlier attempt left, or null. */
  read(): Progress | null;
  weightsFile(epoch: number): string;
  momentsFile(epoch: number): string;
  /** Weights after `progress`; kept as the best ones too if they are. Older files go. */
  write(progress: Progress, weights: Weights, optimizer: Adam): void;
}

export function openCheckpoint(folder: string): Checkpoint {
  mkdirSync(folder, { recursive: true });
  const state = join(folder, 'state.json');
  const weightsFile = (epoch: number): string => join(folder, `weights-${epoch}.bin`);
  const momentsFile = (epoch: number): string => join(folder, `moments-${epoch}.bin`);
  return {
    weightsFile,
    momentsFile,
    read: () => (existsSync(state) ? (JSON.parse(readFileSync(state, 'utf8')) as Progress) : null),
    write(progress, weights, optimizer) {
      const epoch = progress.history.length;
      writeTensors(weightsFile(epoch), weights.values());
      writeTensors(momentsFile(epoch), optimizer.moments as Variable[]);
      writeFileSync(`${state}.new`, JSON.stringify(progress));
      renameSync(`${state}.new`, state);
      const kept = new Set([weightsFile(epoch), momentsFile(epoch), weightsFile(progress.best), state]);
      for (const name of readdirSync(folder))
        if (!kept.has(join(folder, name))) rmSync(join(folder, name), { force: true });
    },
  };
}
