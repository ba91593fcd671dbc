import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { StageEvent } from '../events.ts';
import type { Failure } from '../failure.ts';
import { openLogFile } from './log-file.ts';
import { GRACE_MS, signalGroup } from './process-group.ts';
import { readEvents } from './read-events.ts';
import { type Descendant, descendants, endDescendants, endMarked } from './stage-processes.ts';

/** How long after its end what a stage wrote last may take to be read, in ms. */
const PIPES_MS = 1000;

export interface Execution {
  readonly stage: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  /** All that the child sees: nothing of our own environment is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly timeoutMs: number | null;
  /** Whether an exit code of 0 counts only after a `done` event: true for TypeScript stages. */
  readonly mustSayDone: boolean;
  readonly onEvent: (event: StageEvent) => void;
  readonly onOutput: (stream: 'stdout' | 'stderr', text: string) => void;
  readonly onStart: (pid: number) => void;
  /** In the environment of all that the stage starts. */
  readonly token: string;
  /** Asks it to end. */
  readonly signal: AbortSignal;
  /** Ends it at once; we are about to go. */
  readonly kill: AbortSignal;
}

/**
 * Runs one child to its end, in a process group that is ended with it, as is all that it started and that left the
 * group. Resolves to what went wrong, or null. After a timeout or an abort the group gets SIGTERM, and all get SIGKILL
 * when its grace is over.
 */
export async function executeLocally(execution: Execution): Promise<Failure | null> {
  const { stage, argv, cwd, env, timeoutMs, mustSayDone, onEvent, onOutput, onStart, signal } = execution;
  const child = start(argv, { cwd, env });
  if (child instanceof Error || child.pid === undefined) {
    const error = child instanceof Error ? child : ((await once(child, 'error')) as [Error])[0];
    const message =
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? `the program ${JSON.stringify(argv[0])} is not there`
        : error.message;
    return { reason: 'cannot-start', stage, message };
  }
  const { pid } = child;
  const ended = once(child, 'close');
  onStart(pid);
  const log = openLogFile(execution.logFile);

  type Ended = 'timed-out' | 'interrupted' | 'bad-event';
  const told: { why?: Ended; done?: true; error?: StageEvent & { type: 'error' }; bad?: [string, string] } =
    {};
  let grace: NodeJS.Timeout | undefined;
  // Those that wiped their environment are found only as long as their parents live.
  let family: readonly Descendant[] = [];
  const killAll = (): void => {
    signalGroup(pid, 'SIGKILL');
    endDescendants(family);
    endMarked(execution.token);
  };
  const end = (why: Ended): void => {
    if (told.why) return;
    told.why = why;
    family = descendants(pid);
    signalGroup(pid, 'SIGTERM');
    grace = setTimeout(killAll, GRACE_MS);
  };
  execution.kill.addEventListener('abort', killAll);
  const timeout = timeoutMs === null ? undefined : setTimeout(() => end('timed-out'), timeoutMs);
  const interrupt = (): void => end('interrupted');
  signal.addEventListener('abort', interrupt, { once: true });
  if (signal.aborted) interrupt();

  const events = readEvents(
    child.stdio[3] as Readable,
    (event) => {
      if (event.type === 'done') told.done = true;
      if (event.type === 'error') told.error = event;
      onEvent(event);
    },
    (line, message) => {
      told.bad = [line, message];
      end('bad-event');
    },
  );
  for (const stream of ['stdout', 'stderr'] as const) {
    // A letter of several bytes may come in two chunks.
    const decoder = new StringDecoder('utf8');
    child[stream]!.on('data', (chunk: Buffer) => {
      log.write(chunk);
      onOutput(stream, decoder.write(chunk));
    });
  }
  // What the stage leaves running holds its pipes open and may still write to its outputs: it is ended with the stage.
  // What cannot be found (a daemon without our environment) is let go of, or its hold on the pipes would hold the run.
  let exitCode: number | null = null;
  let by: NodeJS.Signals | null = null;
  let letGo: NodeJS.Timeout | undefined;
  child.once('exit', (code, signalled) => {
    exitCode = code;
    by = signalled;
    clearTimeout(timeout);
    killAll();
    letGo = setTimeout(() => {
      for (const stream of child.stdio) stream?.destroy();
    }, PIPES_MS);
  });

  await ended;
  clearTimeout(letGo);
  clearTimeout(timeout);
  clearTimeout(grace);
  signal.removeEventListener('abort', interrupt);
  execution.kill.removeEventListener('abort', killAll);
  await events;
  log.close();

  const logTail = log.tail();
  if (told.bad) return { reason: 'bad-event', stage, line: told.bad[0], message: told.bad[1] };
  if (told.why === 'timed-out') return { reason: 'timed-out', stage, afterMs: timeoutMs!, logTail };
  if (told.why === 'interrupted') return { reason: 'killed', stage, signal: 'SIGTERM', logTail };
  if (told.error) {
    const { message, help } = told.error;
    return { reason: 'stage-error', stage, message, ...(help === undefined ? {} : { help }), logTail };
  }
  if (by) return { reason: 'killed', stage, signal: by, logTail };
  if (exitCode !== 0) return { reason: 'exit-non-zero', stage, code: exitCode ?? -1, logTail };
  if (mustSayDone && !told.done) {
    const message = 'it ended without saying that it was done';
    const help =
      'its process ended before its function returned: look for process.exit, or a promise that nobody awaits';
    return { reason: 'stage-error', stage, message, help, logTail };
  }
  return null;
}

/** In a process group of its own; an error where the system refuses at once (an argument that is too long). */
function start(argv: readonly string[], options: { readonly cwd: string; readonly env: Execution['env'] }) {
  try {
    return spawn(argv[0]!, argv.slice(1), {
      ...options,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    }) as ChildProcess;
  } catch (error) {
    return error as Error;
  }
}
