/**
 * Images a second through ingest and resize-normalize on a folder of classes (default: the PBC sample beside the
 * checkout), from an empty store. Where Python ($PYTHON, or python3) has Pillow, its decode and resize of the same
 * files stands beside it.
 *
 *     node dist/bench/images.js [FOLDER] [--times 3]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { command, machine, median, printTable, root } from './measure.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { times: { type: 'string', default: '3' } },
});
const data = process.env['BLOODLINE_TEST_DATA'] ?? join(root, '../shared/data');
const source = resolve(positionals[0] ?? join(data, 'pbc8'));
if (!existsSync(source)) {
  console.error(`${source} is not there: name a folder with a folder of images for each class.`);
  process.exit(2);
}
const times = Number(values.times);
const images = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.(jpe?g|png|tiff?|bmp)$/i.test(name),
).length;

/** ms of each stage of one run from an empty store, by the events of `--json`. */
function runOnce(): Record<string, number> {
  const store = mkdtempSync(join(tmpdir(), 'bloodline-bench-'));
  try {
    const done = spawnSync(
      process.execPath,
      [command, 'run', 'resize-normalize', '--profile', 'pbc', '--param', `source=${source}`, '--json'],
      { cwd: root, env: { ...process.env, BLOODLINE_STORE: store }, encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    if (done.status !== 0) throw new Error(done.stderr.slice(-2000));
    const events = done.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; stage?: string; ms?: number });
    const finished = events.filter((event) => event.type === 'stage-finished');
    return Object.fromEntries(finished.map((event) => [event.stage!, event.ms!]));
  } finally {
    rmSync(store, { recursive: true, force: true });
  }
}

const pillow = `
import sys, time, glob, os
from concurrent.futures import ThreadPoolExecutor
from PIL import Image
files = [f for f in glob.glob(os.path.join(sys.argv[1], '**', '*'), recursive=True) if f.lower().endswith(('.jpg', '.jpeg', '.png', '.tif', '.tiff', '.bmp'))]
def one(f):
    with Image.open(f) as i: return i.convert('RGB').resize((128, 128), Image.BILINEAR).tobytes()
start = time.time()
with ThreadPoolExecutor(2) as pool: list(pool.map(one, files))
print((time.time() - start) * 1000)
`;

const runs = Array.from({ length: times }, runOnce);
const rows: (string | number)[][] = ['ingest', 'balance-augment', 'resize-normalize'].map((stage) => {
  const ms = median(runs.map((run) => run[stage]!));
  return [stage, ms, (1000 * images) / ms];
});
const both = median(runs.map((run) => run['ingest']! + run['resize-normalize']!));
rows.push(['ingest + resize-normalize', both, (1000 * images) / both]);
const peer = spawnSync(process.env['PYTHON'] ?? 'python3', ['-c', pillow, source], { encoding: 'utf8' });
if (peer.status === 0) {
  const ms = Number(peer.stdout);
  rows.push(['Pillow, 2 threads: decode and resize only', ms, (1000 * images) / ms]);
}
console.log(`${machine()}; ${images} images`);
printTable(['stage', 'ms', 'images/s'].slice(0, 3), rows);
