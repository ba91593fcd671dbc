import { linkSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sha256 } from '../digest.ts';
import { pause } from '../pause.ts';
import { layout } from './layout.ts';
import { list } from './list.ts';
import { temporaryName } from './temporary.ts';
import { isRunning, us, type Who } from './who.ts';

/**
 * Locks only save work: each thing that is made under one has a name by its content and is published by rename, so two
 * that make the same at once (a machine that slept through its turn, say) do no harm.
 */
export interface Held {
  release(): void;
}

export interface Holder extends Who {
  /** Of one process and run. */
  readonly id: string;
  /** The run that holds it. */
  readonly run: string;
}

export interface LockWish {
  readonly root: string;
  /** One name in a folder: `stage-<key>`, `download-<digest>`. */
  readonly name: string;
  readonly run: string;
}

export interface LockWait {
  readonly signal: AbortSignal;
  readonly onWait?: (holder: Holder) => void;
}

/** How often a holder says that it is there, and how long it may be silent if it lives on another machine. */
const BEAT_MS = 5000;
const SILENT_MS = 30_000;
const POLL_MS = 50;
const LONGEST_POLL_MS = 500;

/** Takes a lock, or says who has it. A lock whose holder is gone is taken over. */
export function tryLock(wish: LockWish): Held | Holder {
  const path = layout.lock(wish.root, wish.name);
  for (;;) {
    const held = create(wish, path);
    if (held !== null) return held;
    const holder = readHolder(path);
    if (holder === null) continue;
    if (isUs(holder) || isThere(holder, path)) return holder;
    if (!clear(wish, path, holder)) return holder;
  }
}

export const isHeld = (lock: Held | Holder): lock is Held => 'release' in lock;

/**
 * Takes a lock as soon as it is free; `onWait` hears once who has it. Resolves to `null` after an abort.
 * A holder on another machine counts as gone when it was silent for half a minute of our own time.
 */
export async function waitForLock(wish: LockWish, { signal, onWait }: LockWait): Promise<Held | null> {
  const path = layout.lock(wish.root, wish.name);
  let told = false;
  let poll = POLL_MS;
  let last = { id: '', beat: 0, seen: 0 };
  while (!signal.aborted) {
    const lock = tryLock(wish);
    if (isHeld(lock)) return lock;
    if (!told) onWait?.(lock);
    told = true;
    if (isRunning(lock) === null) {
      const beat = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (lock.id !== last.id || beat !== last.beat) last = { id: lock.id, beat, seen: performance.now() };
      // Our own clock, and only how long nothing changed: clocks of machines differ, and jump.
      else if (performance.now() - last.seen > SILENT_MS) clear(wish, path, lock);
    }
    await pause(poll, signal);
    poll = Math.min(LONGEST_POLL_MS, poll * 1.5);
  }
  return null;
}

/** One on another machine that was silent for so long by any clock is gone. */
const FORGOTTEN_MS = 3_600_000;

function isThere(holder: Holder, path: string): boolean {
  const beat = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return isRunning(holder) ?? Math.abs(Date.now() - beat) < FORGOTTEN_MS;
}

/** Who holds locks whose names begin so, and is not gone; the locks of those who are go too. */
export function liveHolders(root: string, prefix = ''): readonly Holder[] {
  const folder = dirname(layout.lock(root, 'any'));
  const live: Holder[] = [];
  for (const name of list(folder)) {
    const path = layout.lock(root, name);
    const holder = name.startsWith(prefix) ? readHolder(path) : null;
    if (holder === null) continue;
    if (isThere(holder, path)) live.push(holder);
    else clear({ root, name, run: 'clearing' }, path, holder);
  }
  return live;
}

/** What this process holds for a run. */
interface Hold {
  readonly holder: Holder;
  /** Names the holder: each lock is a hard link to it. */
  readonly file: string;
  readonly locks: Set<string>;
}

let count = 0;
/** By store and run. */
const ours = new Map<string, Hold>();
let beating: NodeJS.Timeout | undefined;

function isUs({ id }: Holder): boolean {
  return [...ours.values()].some(({ holder }) => holder.id === id);
}

/**
 * By a hard link: the lock appears whole, or not at all. All of a run link to one file: to make and remove one for each
 * stage is dear on file systems that leave the place of a removed file alone for a while (ext4: 0.2 ms).
 */
function create({ root, run }: LockWish, path: string): Held | null {
  const name = `${root}\0${run}`;
  const hold = ours.get(name) ?? newHold(root, run);
  try {
    mkdirSync(dirname(path), { recursive: true });
    linkHold(hold, path);
  } catch (error) {
    if (hold.locks.size === 0) rmSync(hold.file, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return null;
    // A file system without hard links has no locks: what two do at once is done twice.
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS') return { release() {} };
    throw error;
  }
  ours.set(name, hold);
  hold.locks.add(path);
  beating ??= setInterval(beat, BEAT_MS).unref();
  return {
    release() {
      hold.locks.delete(path);
      if (readHolder(path)?.id === hold.holder.id) rmSync(path, { force: true });
      if (hold.locks.size > 0) return;
      rmSync(hold.file, { force: true });
      ours.delete(name);
      if (ours.size > 0) return;
      clearInterval(beating);
      beating = undefined;
    },
  };
}

function newHold(root: string, run: string): Hold {
  const who = us();
  const id = `${who.host}-${who.pid}-${who.started}-${++count}`;
  return { holder: { ...who, id, run }, file: temporaryName(root), locks: new Set() };
}

function linkHold({ holder, file }: Hold, path: string): void {
  try {
    linkSync(file, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // Not written yet, or swept away.
    writeFileSync(file, JSON.stringify(holder));
    linkSync(file, path);
  }
}

/**
 * Takes the lock of a dead holder away. Of several who find it at once only the one who holds the lock on that very
 * holder may; so nobody takes away the lock of the next.
 * Returns whether the lock is worth trying again.
 */
function clear(wish: LockWish, path: string, dead: Holder): boolean {
  const right = tryLock({ ...wish, name: `after-${sha256<'lock'>(`${wish.name} ${dead.id}`).slice(0, 32)}` });
  if (!isHeld(right)) return false;
  try {
    if (readHolder(path)?.id === dead.id) rmSync(path, { force: true });
    return true;
  } finally {
    right.release();
  }
}

/** `null`: nobody has it, or what is there is no lock, which is then taken out of the way. */
function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') rmSync(path, { recursive: true, force: true });
    return null;
  }
}

function beat(): void {
  const now = new Date();
  for (const { locks } of ours.values())
    for (const path of locks) {
      try {
        utimesSync(path, now, now);
      } catch {
        // Taken from us, or a disk that says no: whoever waits finds out.
      }
    }
}
