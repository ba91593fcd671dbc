/**
 * Trains the micro network as told and ends itself by SIGKILL on the way, as a power cut would.
 *
 *     node train-child.js '{"folder":…,"engine":"wasm","recipe":{…},"die":{"step":3}}'
 *
 * `die.step`: after so many steps; `die.write`: in the middle of that many writes and renames of the checkpoint.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { type EngineName, openEngine } from '../../stages/engines/engine.ts';
import { readAssignment } from '../../stages/learning/assignment.ts';
import { train } from '../../stages/learning/loop.ts';
import type { Recipe } from '../../stages/learning/recipe.ts';
import { microNetwork, readPixels } from './micro.ts';

const {
  folder,
  checkpoint,
  engine,
  recipe,
  size = 9,
  die,
} = JSON.parse(process.argv[2]!) as {
  folder: string;
  checkpoint: string;
  engine: EngineName;
  recipe: Recipe;
  /** Pixels of its side. */
  size?: number;
  die: { step?: number; write?: number };
};
const end = (): void => process.kill(process.pid, 'SIGKILL') as unknown as undefined;

let writes = 0;
for (const name of ['renameSync', 'writeSync', 'rmSync'] as const) {
  const real = fs[name] as (...args: unknown[]) => unknown;
  (fs as unknown as Record<string, unknown>)[name] = (...args: unknown[]) => {
    if (++writes === die.write) end();
    return real(...args);
  };
}
syncBuiltinESMExports();

const { train: cells, validation } = readAssignment(join(folder, 'split'));
const pixels = readPixels(join(folder, 'pixels'));
let steps = 0;
const trained = train(
  await openEngine({ want: engine }),
  microNetwork(size, 3),
  { pixels, train: cells, validation },
  recipe,
  {
    checkpoint,
    signal: new AbortController().signal,
    progress: () => {
      if (++steps === die.step) end();
    },
  },
);
process.stdout.write(JSON.stringify(trained));
