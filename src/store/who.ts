import { readFileSync, readlinkSync } from 'node:fs';
import { isAlive } from '../alive.ts';
import { HOST } from './temporary.ts';

/** A process told apart from a later one with the same number. */
export interface Who {
  /** The machine and, in a container, the container: process numbers mean nothing elsewhere. */
  readonly host: string;
  readonly pid: number;
  /** `null` where the system does not tell. */
  readonly started: string | null;
}

/** What the system tells of a process, from its state on (the third field of /proc/PID/stat); `null`: no such process. */
export function statFields(pid: number): readonly string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** When a process began, in clock ticks since boot; `null` where it is gone or the system does not tell (no /proc). */
export function startTime(pid: number): string | null {
  const fields = statFields(pid);
  // What has ended and was not collected yet is gone for everybody but its parent.
  if (fields === null || fields[0] === 'Z' || fields[0] === 'X') return null;
  return fields[19] ?? null;
}

let ourselves: Who | undefined;

/** This process. */
export function us(): Who {
  ourselves ??= { host: `${HOST}${processSpace()}`, pid: process.pid, started: startTime(process.pid) };
  return ourselves;
}

/** `null`: it lives elsewhere, and nobody here can know. */
export function isRunning({ host, pid, started }: Who): boolean | null {
  if (host !== us().host) return null;
  if (started !== null) return startTime(pid) === started;
  return isAlive(pid);
}

/** Containers may share a host's name and have numbers of their own. */
function processSpace(): string {
  try {
    return `.${readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')}`;
  } catch {
    return '';
  }
}
