/**
 * How fast, and in how much memory, new images are named:
 *
 *     node dist/bench/predict.js MODEL IMAGES [COUNT…]
 *
 * MODEL is a folder that train-per-model made, IMAGES a folder with image files; for each COUNT (1000 and 10000) a folder
 * of that many links to them is named by the real command, and its cells a second and its memory after each fifth of
 * them and at its highest are printed.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineEnvironment } from '../src/engine/environment.ts';

const [model = '', images = '', ...counts] = process.argv.slice(2);
const program = fileURLToPath(new URL('../stages/tools/predict.js', import.meta.url));
const files = readdirSync(images, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.(jpe?g|png)$/i.test(name),
);
console.log(
  '| images | cells/s, all in | memory after each fifth, MB | peak, MB | not read |\n|---:|---:|---|---:|---:|',
);
for (const count of counts.length > 0 ? counts.map(Number) : [1000, 10_000]) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-predict-'));
  for (let i = 0; i < count; i++) {
    if (i % 1000 === 0) mkdirSync(join(folder, String(i / 1000)));
    const from = resolve(images, files[i % files.length]!);
    symlinkSync(from, join(folder, String(Math.floor(i / 1000)), `${i}.jpg`));
  }
  const start = performance.now();
  const child = spawn(process.execPath, [program, '--csv', '--', model, folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...engineEnvironment({ gpuIds: [] }) },
  });
  let [lines, peak] = [0, 0];
  const held: number[] = [];
  child.stdout.on('data', (text: Buffer) => {
    for (const byte of text) if (byte === 10) lines++;
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      const megabytes = (field: string): number =>
        Number(status.match(`${field}:\\s+(\\d+)`)?.[1] ?? 0) / 1024;
      peak = Math.max(peak, megabytes('VmHWM'));
      if (lines - 1 >= ((held.length + 1) * count) / 5) held.push(megabytes('VmRSS'));
    } catch {}
  });
  await new Promise((end) => child.on('close', end));
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `| ${count} | ${((lines - 1) / seconds).toFixed(0)} | ${held.map((of) => of.toFixed(0)).join(', ')} | ${peak.toFixed(0)} | ${count - lines + 1} |`,
  );
  rmSync(folder, { recursive: true });
}
