import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const CHECKOUT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
export const BIN = join(CHECKOUT, 'bin', 'bloodline.js');

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The events of a `--json` run. */
  readonly events: readonly (Record<string, unknown> & { readonly type: string })[];
}

/** A folder of its own with a pipeline in it, driven by the real command as a process. */
export interface FrontDoor {
  readonly root: string;
  write(files: Readonly<Record<string, string>>): void;
  /** For TypeScript stages: `bloodline-ml` is this checkout. */
  linkPackage(): void;
  bloodline(...args: string[]): Promise<Answer>;
  /** A run to be interrupted: its own process group is not made, so signals reach only the command. */
  start(...args: string[]): ChildProcess;
  /** Runs, and gives what `run-finished` says. */
  run(...args: string[]): Promise<Summary>;
  remove(): void;
}

export interface Summary {
  readonly code: number | null;
  readonly ran: readonly string[];
  readonly cached: readonly string[];
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
  readonly answer: Answer;
}

export function openFrontDoor(files: Readonly<Record<string, string>>): FrontDoor {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bloodline-door-')));
  const start = (...args: string[]) =>
    spawn(process.execPath, [BIN, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
  const door: FrontDoor = {
    root,
    write(texts) {
      for (const [path, text] of Object.entries(texts)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
    },
    linkPackage() {
      mkdirSync(join(root, 'node_modules'));
      symlinkSync(CHECKOUT, join(root, 'node_modules', 'bloodline-ml'));
    },
    start,
    bloodline: (...args) => answerOf(start(...args)),
    async run(...args) {
      const answer = await door.bloodline('run', '--json', ...args);
      const last = answer.events.at(-1);
      if (last?.type !== 'run-finished') throw new Error(`no summary: ${answer.stdout}${answer.stderr}`);
      const { ran, cached, failed, skipped } = last as unknown as Summary;
      return { code: answer.code, ran, cached, failed, skipped, answer };
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  door.write(files);
  return door;
}

export async function answerOf(child: ChildProcess): Promise<Answer> {
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  const lines = texts.stdout.split('\n').filter((line) => line.startsWith('{"type"'));
  return { code, ...texts, events: lines.map((line) => JSON.parse(line)) };
}

/** Whether a process has ended. In a container nobody may collect it: then it is a zombie, which has ended too. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return true;
    // No /proc on this system, and the process is there.
    return existsSync('/proc/self') && code === 'ENOENT';
  }
}

/** The system ends what got SIGKILL when it comes to it: on a busy machine after the one who sent it has gone on. */
export async function untilGone(pid: number): Promise<void> {
  while (!isGone(pid)) await pause(10);
}
