import { type FSWatcher, readdirSync, statSync, watch as watchFolder } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { codeHome } from '../store/keepsakes.ts';
import type { RunRequest } from './run.ts';
import { watchedRun } from './watched-run.ts';
import { openWorkspace, storeFolder } from './workspace.ts';

/** Changes come in bursts: an editor writes, renames, and writes again. */
const QUIET_MS = 150;
const AFTER_FAILURE_MS = 1000;
const MOST_FOLDERS = 4000;
const SKIPPED = new Set(['node_modules', '.git', '__pycache__', '.venv']);

/**
 * `bloodline run --watch`: runs, waits for a file to change, runs again, until Ctrl-C. Waits for the system to say so;
 * what changed while a run was under way counts. Returns the exit code of the signal.
 */
export async function watch(
  request: Omit<RunRequest, 'emit' | 'signal' | 'kill' | 'onFolder'>,
): Promise<number> {
  for (;;) {
    // Before the run, so that nothing is missed.
    const changes = watchChanges(await foldersOf(request), oursIn(resolve(request.folder, request.file)));
    try {
      const { code } = await watchedRun(request, { json: false });
      if (code >= 128) return code;
      process.stderr.write(`Waiting for a change in ${request.folder} (Ctrl-C ends).\n`);
      // A stage that fails and leaves a file in the project each time must not spin.
      if (code !== 0) await pause(AFTER_FAILURE_MS);
      const changed = await changes.next();
      if (changed === null) return 130;
      process.stderr.write(`${relative(request.folder, changed)} changed.\n`);
    } finally {
      changes.close();
    }
  }
}

/** What runs write to: the store, and the folder in the project for code where the store lies elsewhere. */
const oursIn = (file: string): ReadonlySet<string> =>
  new Set([storeFolder(file), codeHome(storeFolder(file), dirname(file))]);

/** Folders below the pipeline's, without the store and what others keep there, and those of its path inputs. */
async function foldersOf(request: Parameters<typeof watch>[0]): Promise<readonly string[]> {
  const file = resolve(request.folder, request.file);
  const ours = oursIn(file);
  const found = new Set<string>();
  const walk = (folder: string): void => {
    if (found.size >= MOST_FOLDERS || found.has(folder) || ours.has(folder)) return;
    found.add(folder);
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) walk(join(folder, entry.name));
  };
  walk(dirname(file));
  const workspace = await openWorkspace(request);
  if (!workspace.ok) return [...found];
  for (const { inputs } of workspace.value.pipeline.stages)
    for (const input of Object.values(inputs)) {
      if (input.kind !== 'path') continue;
      const path = resolve(dirname(file), input.path);
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats?.isDirectory()) walk(path);
      else if (stats !== undefined) found.add(dirname(path));
    }
  return [...found];
}

/** Waits for changes; the first is known from the moment this is called. */
function watchChanges(
  folders: readonly string[],
  ours: ReadonlySet<string>,
): { next(): Promise<string | null>; close(): void } {
  let changed: string | null = null;
  let tell: ((path: string | null) => void) | null = null;
  let quiet: NodeJS.Timeout | undefined;
  const watchers: FSWatcher[] = [];
  const see = (folder: string, name: string | null): void => {
    const path = join(folder, name ?? '');
    // What an editor is about to rename.
    if (ours.has(path) || /(^\.|~$|\.sw.$)/.test(name ?? '')) return;
    changed ??= path;
    clearTimeout(quiet);
    quiet = setTimeout(() => tell?.(changed), QUIET_MS);
  };
  for (const folder of folders)
    try {
      watchers.push(watchFolder(folder, (_, name) => see(folder, name)).on('error', () => undefined));
    } catch {
      // Gone meanwhile, or more folders than the system watches.
    }
  // From now on: between two runs nobody else listens, and a signal would end us without a word.
  let isEnded = false;
  const onSignal = (): void => {
    isEnded = true;
    tell?.(null);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  return {
    next() {
      return new Promise((resolve) => {
        tell = resolve;
        if (isEnded) resolve(null);
        else if (changed !== null) {
          clearTimeout(quiet);
          quiet = setTimeout(() => resolve(changed), QUIET_MS);
        }
      });
    },
    close() {
      clearTimeout(quiet);
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
      for (const watcher of watchers) watcher.close();
    },
  };
}
