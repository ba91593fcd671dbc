import { execFileSync } from 'node:child_process';

/** Ends a process and all that it started with SIGKILL; stages have process groups of their own. */
export function endTree(pid: number): void {
  const parents = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const tree = [pid];
  for (const parent of tree)
    tree.push(...parents.filter(([, its]) => its === parent).map(([child]) => child));
  for (const each of tree)
    try {
      process.kill(each, 'SIGKILL');
    } catch (error) {
      // It ended meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
}
