import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { random } from '../../stages/imaging/random.ts';
import { readSamples } from '../../stages/imaging/samples.ts';
import { openFrontDoor } from '../rig/front-door.ts';
import { runStage, stageFolder } from '../stage-harness.ts';
import { huge, pixel } from './odd-images.ts';

/** Pictures of two labels, enough for several threads; noise, so that none looks like another. */
async function pictures(folder: string, count: number): Promise<string[]> {
  const draw = random(6, 'bad images');
  const names: string[] = [];
  for (let i = 0; i < count; i++) {
    const size = 20 + draw.integer(30);
    const data = Buffer.from(Uint8Array.from({ length: size * size * 3 }, () => draw.integer(256)));
    const label = i % 2 === 0 ? 'a' : 'b';
    const name = `${label}/${String(i).padStart(4, '0')}.jpg`;
    mkdirSync(join(folder, label), { recursive: true });
    writeFileSync(
      join(folder, name),
      await sharp(data, { raw: { width: size, height: size, channels: 3 } })
        .jpeg()
        .toBuffer(),
    );
    names.push(name);
  }
  return names;
}

/** Spoils three images of a folder and adds one of a single pixel. */
function spoil(folder: string, names: readonly string[]): string[] {
  const [cut, empty, other, large] = [names[70]!, names[71]!, names[72]!, 'a/large.png'];
  writeFileSync(join(folder, cut), readFileSync(join(folder, cut)).subarray(0, 500));
  writeFileSync(join(folder, empty), '');
  writeFileSync(join(folder, other), 'not an image');
  writeFileSync(join(folder, large), huge());
  writeFileSync(join(folder, 'b/pixel.png'), pixel);
  return [cut, empty, other, large];
}

test('images that cannot be read cost themselves only, are named with a reason, and the rest is rendered', async (t) => {
  const folder = stageFolder();
  t.after(folder.remove);
  const source = join(folder.path, 'source');
  const names = await pictures(source, 140);
  const bad = spoil(source, names);
  const ingested = await runStage('stages/ingest.ts', {
    folder: folder.path,
    params: { format: 'stages/datasets/class-folders.ts' },
    inputs: { source },
  });
  const { unreadable } = JSON.parse(readFileSync(join(ingested.output('quality'), 'quality.json'), 'utf8'));
  assert.deepEqual(
    Object.fromEntries(unreadable.map(({ path, message }: Record<string, string>) => [path, message])),
    {
      [bad[0]!]: 'a JPEG file that is cut short or damaged',
      [bad[1]!]: 'an empty file',
      [bad[2]!]: 'no image of a kind that is known',
      [bad[3]!]: '20000 × 20000 pixels, more than the 100 million that are read; cut it into fields',
    },
  );
  assert.match(ingested.warnings.join(), /4 of 142 images cannot be read and are left out/);
  const samples = readSamples(ingested.output('samples'));
  assert.equal(samples.length, 138); // the picture of one pixel is one of them
  assert.ok(samples.some(({ id }) => id === 'b/pixel.png'));
  const { output } = await runStage('stages/resize-normalize.ts', {
    folder: folder.path,
    params: { size: 16 },
    inputs: { images: ingested.output('images'), samples: ingested.output('samples') },
  });
  const pixels = readFileSync(join(output('pixels'), 'pixels.npy')).subarray(128);
  assert.equal(pixels.length, 138 * 16 * 16 * 3);
  const row = samples.findIndex(({ id }) => id === 'b/pixel.png') * 16 * 16 * 3;
  assert.deepEqual([...pixels.subarray(row, row + 3)], [0xc8, 0xb4, 0xc0]);
});

test('boxes outside the image are named and left out, those over its edge clipped', async (t) => {
  const folder = stageFolder();
  t.after(folder.remove);
  const source = join(folder.path, 'source');
  mkdirSync(source);
  const field = (seed: number) =>
    sharp(Buffer.from(Uint8Array.from({ length: 100 * 80 * 3 }, (_, i) => (i * seed) % 251)), {
      raw: { width: 100, height: 80, channels: 3 },
    });
  for (const [i, seed] of [7, 11].entries())
    writeFileSync(join(source, `${i}.png`), await field(seed).png().toBuffer());
  const rows = [
    '0.png,a,10,10,30,30',
    '0.png,b,200,10,30,30',
    '0.png,b,-40,-40,20,20',
    '1.png,b,90,70,40,40',
    '1.png,a,0,0,100000,100000',
  ];
  writeFileSync(join(source, 'labels.csv'), ['image,label,x,y,width,height', ...rows].join('\n'));
  const { output } = await runStage('stages/ingest.ts', {
    folder: folder.path,
    params: { format: 'stages/datasets/csv.ts', options: {} },
    inputs: { source },
  });
  const { boxes } = JSON.parse(readFileSync(join(output('quality'), 'quality.json'), 'utf8'));
  assert.deepEqual(
    boxes.map(({ kind, path, box }: { kind: string; path: string; box: number[] }) => [kind, path, ...box]),
    [
      ['degenerate', '0.png', 200, 10, 30, 30],
      ['degenerate', '0.png', -40, -40, 20, 20],
      ['clipped', '1.png', 90, 70, 40, 40],
      ['clipped', '1.png', 0, 0, 100000, 100000],
    ],
  );
  assert.deepEqual(
    readSamples(output('samples')).map(({ box }) => box),
    [
      [10, 10, 30, 30],
      [90, 70, 10, 10],
      [0, 0, 100, 80],
    ],
  );
});

test('an audit of a folder with bad images names them and exits with 1', async (t) => {
  const door = openFrontDoor({});
  t.after(door.remove);
  const names = await pictures(join(door.root, 'source'), 10);
  writeFileSync(join(door.root, 'source', names[4]!), 'no image');
  const { code, stdout } = await door.bloodline('data', 'audit', 'source');
  assert.equal(code, 1);
  assert.match(
    stdout,
    /Images that cannot be read, left out: 1\n\n\* a\/0004\.jpg: no image of a kind that is known/,
  );
});

test('what fails in the middle leaves no thread behind', async (t) => {
  const folder = stageFolder();
  t.after(folder.remove);
  const source = join(folder.path, 'source');
  await pictures(source, 130);
  const { output } = await runStage('stages/ingest.ts', {
    folder: folder.path,
    params: { format: 'stages/datasets/class-folders.ts' },
    inputs: { source },
  });
  // Spoiled after ingest: the bytes in the store are wrong, so the stage must stop, and this process must end.
  const shard = join(output('images'), '00000.tar');
  writeFileSync(shard, Buffer.alloc(readFileSync(shard).length));
  await assert.rejects(
    runStage('stages/resize-normalize.ts', {
      folder: folder.path,
      params: { size: 16 },
      inputs: { images: output('images'), samples: output('samples') },
    }),
    /a\/0000\.jpg: no image of a kind that is known/,
  );
});
