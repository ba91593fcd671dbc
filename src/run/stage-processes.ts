import { readdirSync, readFileSync } from 'node:fs';
import { isRunning, startTime, statFields } from '../store/who.ts';
import { signalProcess } from './process-group.ts';
import { runnerOf, TOKEN } from './stage-token.ts';

/** All that is known of processes comes from /proc; where there is none, a stage's process group is all that is ended. */

/** What dies while we look may have started something just before. */
const ROUNDS = 8;
/** Numbers of processes are used again, but not so soon. */
const TRUSTED_MS = 5000;

/** Processes that were looked at and belong to no stage: looking at all of them costs a millisecond a hundred. */
const strangers = { seen: new Set<string>(), at: 0 };

/** Kills all that has this token. */
export function endMarked(token: string): void {
  for (let round = 0; round < ROUNDS; round++) {
    const now = Date.now();
    const numbers = processNumbers();
    const known = now - strangers.at < TRUSTED_MS ? strangers.seen : new Set<string>();
    const seen = new Set<string>();
    let found = 0;
    for (const pid of numbers) {
      const marked = known.has(pid) ? undefined : tokenOf(pid);
      if (marked === undefined) seen.add(pid);
      else if (marked === token) {
        found += 1;
        signalProcess(Number(pid), 'SIGKILL');
      }
    }
    Object.assign(strangers, { seen, at: now });
    if (found === 0) return;
  }
}

/** Kills what stages of this store left running whose runner is gone. */
export function endOrphans(root: string): void {
  for (let round = 0; round < ROUNDS; round++) {
    let found = 0;
    for (const pid of processNumbers()) {
      const token = tokenOf(pid);
      const runner = token === undefined ? null : runnerOf(token, root);
      if (runner === null || isRunning(runner) !== false) continue;
      found += 1;
      signalProcess(Number(pid), 'SIGKILL');
    }
    if (found === 0) return;
  }
}

export interface Descendant {
  readonly pid: number;
  readonly started: string;
}

/** What a process has started and what that has started, as long as each one's parent lives. */
export function descendants(of: number): readonly Descendant[] {
  const children = new Map<number, number[]>();
  for (const name of processNumbers()) {
    const parent = parentOf(name);
    if (parent === null) continue;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [Number(name)]);
    else siblings.push(Number(name));
  }
  const found: Descendant[] = [];
  const queue = [of];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop())
    for (const child of children.get(pid) ?? []) {
      const started = startTime(child);
      if (started !== null) found.push({ pid: child, started });
      queue.push(child);
    }
  return found;
}

/** Kills processes that are still the ones they were. */
export function endDescendants(found: readonly Descendant[]): void {
  for (const { pid, started } of found) if (startTime(pid) === started) signalProcess(pid, 'SIGKILL');
}

function processNumbers(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => name[0]! >= '0' && name[0]! <= '9');
  } catch {
    return [];
  }
}

/** The token in a process's environment, as it was when it started; that of another user's process cannot be read. */
function tokenOf(pid: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return undefined;
  }
  const at = text.startsWith(`${TOKEN}=`) ? 0 : text.indexOf(`\0${TOKEN}=`) + 1;
  if (at === 0 && !text.startsWith(`${TOKEN}=`)) return undefined;
  const from = at + TOKEN.length + 1;
  const end = text.indexOf('\0', from);
  return text.slice(from, end === -1 ? undefined : end);
}

function parentOf(pid: string): number | null {
  const parent = statFields(Number(pid))?.[1];
  return parent === undefined ? null : Number(parent);
}
