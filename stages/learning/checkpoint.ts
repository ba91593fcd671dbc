import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../engines/engine.ts';
import type { Epoch } from './curves.ts';
import type { Optimizer } from './optimizer.ts';
import { writeTensors } from './weights.ts';

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
  readonly earlier: Progress | null;
  /** Who wrote what was there and could not be used, or null. */
  readonly stranger: string | null;
  weightsFile(epoch: number): string;
  slotsFile(epoch: number): string;
  /** A file that stays until the training ends well. */
  file(name: string): string;
  /** Weights after `progress`; kept as the best ones too if they are. Older files go. */
  write(progress: Progress, optimizer: Optimizer): void;
}

/**
 * Opens a folder. What another engine left, or this one of another version or with other threads, is never gone on
 * from, since its numbers have other last bits: it is removed.
 */
export function openCheckpoint(folder: string, engine: Engine): Checkpoint {
  mkdirSync(folder, { recursive: true });
  const stateFile = join(folder, 'state.json');
  const writer = writerOf(engine);
  const writerFile = join(folder, 'writer.json');
  const before = existsSync(writerFile) ? readFileSync(writerFile, 'utf8') : null;
  const stranger = before !== null && before !== writer ? before : null;
  if (before !== writer) {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
    writeWhole(writerFile, writer);
  }
  const weightsFile = (epoch: number): string => join(folder, `weights-${epoch}.bin`);
  const slotsFile = (epoch: number): string => join(folder, `slots-${epoch}.bin`);
  return {
    weightsFile,
    slotsFile,
    stranger,
    file: (name) => join(folder, name),
    earlier: existsSync(stateFile) ? (JSON.parse(readFileSync(stateFile, 'utf8')) as Progress) : null,
    write(progress, optimizer) {
      const epoch = progress.history.length;
      writeTensors(weightsFile(epoch), optimizer.result.values());
      writeTensors(slotsFile(epoch), optimizer.slots);
      writeWhole(stateFile, JSON.stringify(progress));
      const kept = new Set([weightsFile(epoch), slotsFile(epoch), weightsFile(progress.best)]);
      for (const name of readdirSync(folder))
        if (/^(weights|slots)-\d+\.bin$/.test(name) && !kept.has(join(folder, name)))
          rmSync(join(folder, name), { force: true });
    },
  };
}

/** All on which the last bits depend: the engine, its version and precision, the processor's instructions, threads. */
export function writerOf({ facts, gradients }: Engine): string {
  // On wasm every number of threads gives the same bytes; why there was no native engine plays no part.
  const idle = facts['engine'] === 'wasm' ? ['threads', 'noNative'] : ['noNative'];
  const counting = Object.entries({ ...facts, ownPass: gradients !== undefined }).filter(
    ([name]) => !idle.includes(name),
  );
  return JSON.stringify(Object.fromEntries(counting.sort(([a], [b]) => (a < b ? -1 : 1))));
}

function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}
