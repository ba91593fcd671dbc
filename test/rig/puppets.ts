import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { constants, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Stages that wait for the test, through named pipes in the project's folder: no sleeps, no polling. The shell code of
 * such a stage is `puppet(name)`: it says its name, then waits until it may go on.
 */
export interface Puppets {
  /** The next name that was said. */
  heard(): Promise<string>;
  letGo(name: string): void;
  close(): void;
}

export const puppet = (name: string): string => `echo ${name} > said; read -r _ < go-${name}`;

/** @param root the project's folder, in which commands run */
export function openPuppets(root: string, names: readonly string[]): Puppets {
  execFileSync('mkfifo', ['said', ...names.map((name) => `go-${name}`)], { cwd: root });
  // Opened for reading and writing, a named pipe never blocks and never ends.
  const open = (file: string) => openSync(join(root, file), constants.O_RDWR | constants.O_NONBLOCK);
  const gates = new Map(names.map((name) => [name, open(`go-${name}`)]));
  const socket = new Socket({ fd: open('said'), readable: true, writable: false });
  const lines = createInterface({ input: socket });
  const words: string[] = [];
  lines.on('line', (word) => words.push(word));
  return {
    async heard() {
      while (words.length === 0) await once(lines, 'line', { signal: AbortSignal.timeout(30_000) });
      return words.shift()!;
    },
    letGo: (name) => void writeSync(gates.get(name)!, '\n'),
    close() {
      lines.close();
      socket.destroy();
    },
  };
}
