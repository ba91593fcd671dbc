/**
 * How long the search for like pictures takes as their number grows: windows cut at random, at any angle, out of the
 * images of a folder (default: the PBC sample beside the checkout), one in a hundred of them a second time, turned.
 *
 *     node dist/bench/near-duplicates.js [FOLDER] [--counts 5000,10000,50000]
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { decode } from '../stages/imaging/decode.ts';
import { type Fingerprint, fingerprint } from '../stages/imaging/fingerprint.ts';
import { nearDuplicates } from '../stages/imaging/near-duplicates.ts';
import { random } from '../stages/imaging/random.ts';
import { resampler } from '../stages/imaging/resample.ts';
import { machine, printTable, root } from './measure.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { counts: { type: 'string', default: '5000,10000,20000,50000' } },
});
const folder = resolve(positionals[0] ?? join(root, '../shared/data/pbc8'));
const counts = values.counts.split(',').map(Number);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.jpe?g$/i.test(name))
  .sort();

const SIZE = 96;
const draw = random(1, 'near-duplicates');
const render = resampler(SIZE);
const most = Math.max(...counts);
const made: { path: string; fingerprint: Fingerprint; copyOf: number | null }[] = [];
for (let i = 0; made.length < most; i = (i + 1) % files.length) {
  const picture = await decode(readFileSync(join(folder, files[i]!)));
  for (let window = 0; window < Math.ceil(most / files.length) && made.length < most; window++) {
    const side = draw.uniform(0.4, 0.7) * Math.min(picture.width, picture.height);
    const reach = 0.71 * side;
    const [x, y] = [draw.uniform(reach, picture.width - reach), draw.uniform(reach, picture.height - reach)];
    const square = { x: x - side / 2, y: y - side / 2, side };
    const twice = draw.chance(0.01);
    for (let copy = 0; copy < (twice ? 2 : 1); copy++) {
      const data = new Uint8Array(SIZE * SIZE * 3);
      const change = { contrast: 1, brightness: 0 };
      render(
        picture,
        square,
        { rotate: draw.integer(360), flipX: draw.chance(0.5), flipY: false, ...change },
        data,
      );
      made.push({
        path: String(made.length).padStart(6, '0'),
        fingerprint: fingerprint({ width: SIZE, height: SIZE, data }),
        copyOf: copy === 1 ? made.length - 1 : null,
      });
    }
  }
}
const rows = counts.map((count) => {
  const some = made.slice(0, count);
  const start = process.cpuUsage();
  const pairs = new Set(nearDuplicates(some).map(({ a, b }) => `${a} ${b}`));
  const { user, system } = process.cpuUsage(start);
  const copies = some.filter(({ copyOf }) => copyOf !== null);
  const found = copies.filter(({ copyOf, path }) => pairs.has(`${String(copyOf).padStart(6, '0')} ${path}`));
  return [
    count,
    ((user + system) / 1e6).toFixed(1),
    `${found.length} of ${copies.length}`,
    pairs.size - found.length,
  ];
});
console.log(machine());
printTable(['pictures', 'processor s', 'turned copies found', 'other pairs'], rows);
