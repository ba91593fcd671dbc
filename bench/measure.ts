import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
export const command = resolve(root, 'bin/bloodline.js');

/** Wall time of one process in ms; throws with its last words if it fails. */
export function timeProcess(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): number {
  const start = performance.now();
  const done = spawnSync(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const ms = performance.now() - start;
  if (done.error) throw done.error;
  if (done.status !== 0)
    throw new Error(`${program} ${args.join(' ')} ended with ${done.status}\n${done.stderr.slice(-2000)}`);
  return ms;
}

/** The middle of the sorted values (the lower one of two). */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1]!;
}

/** `times` measurements of `once`, with min, median and max in ms. */
export function repeat(times: number, once: () => number): { min: number; median: number; max: number } {
  const all = Array.from({ length: times }, once);
  return { min: Math.min(...all), median: median(all), max: Math.max(...all) };
}

/** The machine and the versions, for the head of a table. */
export function machine(): string {
  const cpu = cpus();
  return `${cpu.length} × ${cpu[0]?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
}

/** Prints rows as an aligned text table; numbers to the right. */
export function printTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const text = [head, ...rows].map((row) =>
    row.map((cell) => (typeof cell === 'number' ? cell.toFixed(cell < 10 ? 1 : 0) : cell)),
  );
  const width = head.map((_, column) => Math.max(...text.map((row) => row[column]!.length)));
  text.forEach((row, index) => {
    const cells = row.map((cell, column) =>
      typeof (index ? rows[index - 1]! : head)[column] === 'number'
        ? cell.padStart(width[column]!)
        : cell.padEnd(width[column]!),
    );
    console.log(cells.join('  ').trimEnd());
    if (index === 0) console.log(width.map((w) => '-'.repeat(w)).join('  '));
  });
}
