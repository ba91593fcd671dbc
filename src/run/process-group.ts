/** How long a stage may take to end after it was asked to, in ms. */
export const GRACE_MS = 5000;

/**
 * A stage runs in a process group of its own, whose number is the child's pid: what it leaves behind (grandchildren,
 * daemons of a library) is ended with it. A group that is gone is no error.
 */
export const signalGroup = (pid: number, signal: NodeJS.Signals): void => signalProcess(-pid, signal);

/** One that is gone, or another user's, is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
