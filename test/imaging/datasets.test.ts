import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { StageError } from 'bloodline-ml/stage';
import { zipSync } from 'fflate';
import type { DatasetFormat } from '../../stages/imaging/dataset-format.ts';
import { decode } from '../../stages/imaging/decode.ts';
import { npyHead } from '../../stages/imaging/npy.ts';
import { encodePng } from '../../stages/imaging/png.ts';
import type { Part } from '../../stages/imaging/samples.ts';
import { readSamples } from '../../stages/imaging/samples.ts';
import { ShardReader } from '../../stages/imaging/shards.ts';
import { runStage, stageFolder } from '../stage-harness.ts';

/** What every format is asked to hold: nine pictures of one colour each, in three parts, of two classes. */
interface Cell {
  readonly name: string;
  readonly label: string;
  readonly part: Part;
  readonly colour: number;
}
const CELLS: readonly Cell[] = (['train', 'validation', 'test'] as const).flatMap((part, p) =>
  [0, 1, 2].map((i) => ({
    name: `${part}-${i}`,
    label: i === 1 ? 'b' : 'a',
    part,
    colour: 40 * p + 10 * i + 5,
  })),
);
const SIDE = 12;
const png = ({ colour }: Cell) =>
  encodePng({ width: SIDE, height: SIDE, data: new Uint8Array(SIDE * SIDE * 3).fill(colour) });

function put(folder: string, name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}

/** How each format lays the nine pictures out. Returns options, and how many files lie about that are no data. */
const LAYOUTS: Readonly<
  Record<string, (folder: string) => { options?: object; hidden?: number; foreign?: number; box?: boolean }>
> = {
  'class-folders': (folder) => {
    const names = { train: 'Training', validation: 'val', test: 'TEST' };
    for (const cell of CELLS) put(folder, `${names[cell.part]}/${cell.label}/${cell.name}.png`, png(cell));
    put(folder, '.DS_Store', 'x');
    put(folder, 'Training/a/.thumb.png', 'x');
    put(folder, 'Training/a/notes.txt', 'x');
    put(folder, 'README.md', 'x');
    put(folder, 'TEST_SIMPLE/a/x.png', 'x');
    return { hidden: 2, foreign: 3 };
  },
  'pascal-voc': (folder) => {
    for (const cell of CELLS) {
      put(folder, `JPEGImages/${cell.name}.png`, png(cell));
      put(
        folder,
        `Annotations/${cell.name}.xml`,
        `<annotation><filename>${cell.name}.jpg</filename><object><name>${cell.label}</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>9</xmax><ymax>10</ymax></bndbox></object></annotation>`,
      );
    }
    for (const [name, part] of [
      ['train', 'train'],
      ['val', 'validation'],
      ['test', 'test'],
    ])
      put(
        folder,
        `ImageSets/Main/${name}.txt`,
        CELLS.filter((cell) => cell.part === part)
          .map((cell) => `${cell.name}\n`)
          .join(''),
      );
    put(folder, 'JPEGImages/.hidden', 'x');
    put(folder, 'JPEGImages/Thumbs.db', 'x');
    put(folder, 'JPEGImages/list.txt', 'x');
    return { hidden: 2, foreign: 1, box: true };
  },
  csv: (folder) => {
    const rows = CELLS.map((cell) => `pictures/${cell.name}.png,${cell.label},${cell.part},0.1,0.2,0.7,0.7`);
    put(folder, 'cells.csv', `\ufeffImage,Label,Split,x,y,w,h\r\n${rows.join('\r\n')}\r\n`);
    for (const cell of CELLS) put(folder, `pictures/${cell.name}.png`, png(cell));
    put(folder, 'pictures/.x', 'x');
    put(folder, 'about.pdf', 'x');
    return { hidden: 1, foreign: 1, box: true };
  },
  npz: (folder) => {
    const arrays: Record<string, Uint8Array> = {};
    for (const [prefix, part] of [
      ['train', 'train'],
      ['val', 'validation'],
      ['test', 'test'],
    ] as const) {
      const cells = CELLS.filter((cell) => cell.part === part);
      const images = cells.map((cell) => new Uint8Array(SIDE * SIDE * 3).fill(cell.colour));
      const labels = cells.map((cell) => (cell.label === 'a' ? 0 : 1));
      arrays[`${prefix}_images.npy`] = Buffer.concat([npyHead('|u1', [3, SIDE, SIDE, 3]), ...images]);
      arrays[`${prefix}_labels.npy`] = Buffer.concat([npyHead('|u1', [3, 1]), Uint8Array.from(labels)]);
    }
    put(folder, 'tiny.npz', zipSync(arrays));
    return { options: { labels: ['a', 'b'] } };
  },
};

const root = join(fileURLToPath(new URL('.', import.meta.url)), '../../../stages/datasets');
const formats = readdirSync(root)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -3));

for (const name of formats) {
  const file = `stages/datasets/${name}.ts`;
  const load = () => import(`../../stages/datasets/${name}.js`) as Promise<DatasetFormat>;

  test(`${name} says what it is`, async () => {
    const format = await load();
    assert.equal(format.format, name);
    assert.equal(typeof format.needsSource, 'boolean');
    for (const [option, meaning] of Object.entries(format.options))
      assert.match(meaning, /^[A-Z].*\.$/, option);
    assert.ok(!format.needsSource || LAYOUTS[name], `this test has no layout for ${name}: add one`);
  });

  test(`${name} gives back what was laid down`, async (t) => {
    const { needsSource } = await load();
    if (!needsSource) return t.skip('makes its own images');
    const folder = stageFolder();
    try {
      const source = join(folder.path, 'source');
      mkdirSync(source);
      const { options = {}, hidden = 0, foreign = 0, box = false } = LAYOUTS[name]!(source);
      const run = () =>
        runStage('stages/ingest.ts', {
          folder: folder.path,
          params: { format: file, options },
          inputs: { source },
        });
      const { output } = await run();
      const samples = readSamples(output('samples'));
      const images = new ShardReader(output('images'));
      const found = [];
      for (const sample of samples) {
        const picture = await decode(await images.read(sample.image));
        assert.deepEqual(sample.imageSize, [SIDE, SIDE]);
        assert.equal(sample.box !== null, box);
        if (sample.box) assert.ok(Math.abs(sample.box[2] - 8) < 0.5, `box ${sample.box}`);
        found.push(`${sample.part} ${sample.label} ${picture.data[0]}`);
      }
      await images.close();
      assert.deepEqual(
        found.sort(),
        CELLS.map(({ part, label, colour }) => `${part} ${label} ${colour}`).sort(),
      );
      assert.equal(new Set(samples.map(({ id }) => id)).size, CELLS.length);
      const quality = JSON.parse(readFileSync(join(output('quality'), 'quality.json'), 'utf8'));
      assert.equal(quality.ignored.hidden.length, hidden);
      assert.equal(quality.ignored.foreign.length, foreign);

      const again = await run();
      for (const path of [
        'images/index.jsonl',
        'images/00000.tar',
        'samples/samples.jsonl',
        'quality/quality.json',
      ])
        assert.deepEqual(readFileSync(again.output(path)), readFileSync(output(path)), path);
    } finally {
      folder.remove();
    }
  });

  test(`${name} without a source says how to get data`, async (t) => {
    const { needsSource } = await load();
    if (!needsSource) return t.skip('makes its own images');
    const folder = stageFolder();
    try {
      await assert.rejects(
        runStage('stages/ingest.ts', { folder: folder.path, params: { format: file } }),
        (error) => {
          assert.ok(error instanceof StageError);
          assert.match(error.help ?? '', /--param source=.*BCCD.*PBC.*Kaggle/s);
          return true;
        },
      );
    } finally {
      folder.remove();
    }
  });

  test(`${name} says what is wrong with an empty folder`, async (t) => {
    const { needsSource } = await load();
    if (!needsSource) return t.skip('makes its own images');
    const folder = stageFolder();
    try {
      const source = join(folder.path, 'source');
      mkdirSync(source);
      await assert.rejects(
        runStage('stages/ingest.ts', { folder: folder.path, params: { format: file }, inputs: { source } }),
        StageError,
      );
    } finally {
      folder.remove();
    }
  });
}

/** Runs ingest over a folder that `lay` fills; returns the samples and the quality report. */
async function ingest(format: string, lay: (folder: string) => void, options: object = {}) {
  const folder = stageFolder();
  try {
    const source = join(folder.path, 'source');
    mkdirSync(source);
    lay(source);
    const { output, warnings } = await runStage('stages/ingest.ts', {
      folder: folder.path,
      params: { format: `stages/datasets/${format}.ts`, options },
      inputs: { source },
    });
    const quality = JSON.parse(readFileSync(join(output('quality'), 'quality.json'), 'utf8'));
    return { samples: readSamples(output('samples')), quality, warnings };
  } finally {
    folder.remove();
  }
}

test('plain class folders have no parts, and a pattern finds the patient', async () => {
  const { samples } = await ingest(
    'class-folders',
    (folder) => {
      for (const cell of CELLS) put(folder, `${cell.label}/P${cell.colour % 4}_${cell.name}.png`, png(cell));
    },
    { group: '/(P\\d+)_' },
  );
  assert.ok(samples.every(({ part }) => part === null));
  assert.ok(samples.every(({ group, image }) => image.includes(`/${group}_`)));
});

test('a table with mistakes is refused by line', async () => {
  const refused = (text: string, message: RegExp, options: object = {}) =>
    assert.rejects(
      ingest(
        'csv',
        (folder) => {
          put(folder, 'cells.csv', text);
          put(folder, 'a.png', png(CELLS[0]!));
        },
        options,
      ),
      message,
    );
  await refused(
    'picture,label\na.png,x\n',
    /cells.csv, line 1: expected a column for the image .* got picture, label/,
  );
  await refused(
    'image,label,xmin,ymin,xmax,ymax\na.png,x,1,2,3,9\na.png,y,1,2,wide,4\n',
    /cells.csv, line 3: expected xmax to be a number, got "wide"/,
  );
  await refused('image,label\na.png,\n', /cells.csv, line 2: label is empty/);
  await refused(
    'image,label,split\na.png,x,trian\n',
    /cells.csv, line 2: expected train, validation or test in split, got "trian"/,
  );
  await refused('image,label\na.png,x,y\n', /cells.csv: .*line 2/);
  await refused('image,label\na.png,x,y\na.png,x\na.png\n', /cells.csv: .*line 2.*\ncells.csv: .*line 4/);
  await refused(
    'image,label,xmin,ymin,xmax,ymax\na.png,,1,wide,3,9\na.png,y,1,2,3,4\n,y,1,2,3,4\n',
    /line 2: label is empty.\n.*line 2: expected ymin .*got "wide".\n.*line 4: image is empty.$/,
  );
  const many = `image,label\n${'a.png,\n'.repeat(25)}`;
  await refused(many, /line 2: label is empty\.\n(.*\n){18}.*line 21: label is empty\.\n… and 5 more\.$/);
  await refused('image,label,split\na.png,x,train\na.png,x,test\n', /a.png stands in two parts/);
  await refused('image,label\na.png,x\n', /no column cell, which options.label names/, { label: 'cell' });
});

test('a table may name images that are not there: they are counted, not hidden', async () => {
  const { samples, quality } = await ingest('csv', (folder) => {
    put(folder, 'cells.csv', 'image,label\na.png,x\nb.png,y\ngone.png,x\n../outside.png,x\n');
    put(folder, 'a.png', png(CELLS[0]!));
    put(folder, 'b.png', png(CELLS[2]!));
    put(folder, 'spare.png', png(CELLS[1]!));
  });
  assert.equal(samples.length, 2);
  assert.deepEqual(quality.source.map(({ path }: { path: string }) => path).sort(), [
    '../outside.png',
    'gone.png',
    'spare.png',
  ]);
});

test('annotations with mistakes cost their object or file, by name', async () => {
  const object = (box: string, name = 'a') => `<object><name>${name}</name><bndbox>${box}</bndbox></object>`;
  const box = (a: number, b: number, c: number, d: number) =>
    `<xmin>${a}</xmin><ymin>${b}</ymin><xmax>${c}</xmax><ymax>${d}</ymax>`;
  const { samples, quality, warnings } = await ingest('pascal-voc', (folder) => {
    for (const cell of CELLS.slice(0, 5)) put(folder, `JPEGImages/${cell.name}.png`, png(cell));
    const [one, two, three, four] = CELLS.map(({ name }) => `Annotations/${name}.xml`);
    put(
      folder,
      one!,
      `<annotation>${object(box(0, 0, 8, 8))}${object(box(0, 0, 8, 8))}${object(box(3, 3, 3, 9))}${object(box(6, 6, 30, 30))}${object('<xmin>x</xmin>')}</annotation>`,
    );
    put(folder, two!, '<annotation><object></annotation>');
    put(
      folder,
      three!,
      `<annotation>${object(box(0, 0, 8, 8), 'a')}${object(box(0, 0, 8, 8), 'b')}</annotation>`,
    );
    put(
      folder,
      four!,
      `<!DOCTYPE x [<!ENTITY big "aaaa">]><annotation>${object(box(0, 0, 9, 9), 'b')}</annotation>`,
    );
    put(folder, 'Annotations/lost.xml', '<annotation/>');
    put(folder, 'JPEGImages/broken.jpg', 'no image');
    put(folder, 'Annotations/broken.xml', `<annotation>${object(box(0, 0, 9, 9))}</annotation>`);
  });
  assert.deepEqual(
    samples.map(({ image, box }) => [image, box]),
    [
      ['JPEGImages/train-0.png', [0, 0, 8, 8]],
      ['JPEGImages/train-0.png', [6, 6, 6, 6]],
      ['JPEGImages/validation-0.png', [0, 0, 9, 9]],
    ],
  );
  assert.deepEqual(quality.boxes.map(({ kind }: { kind: string }) => kind).sort(), [
    'clipped',
    'degenerate',
    'given-twice',
    'two-labels',
  ]);
  assert.deepEqual(
    quality.unreadable.map(({ path }: { path: string }) => path),
    ['JPEGImages/broken.jpg'],
  );
  assert.equal(quality.source.length, 4); // an object without numbers, a file that is no XML, two without partner
  assert.match(warnings[0]!, /1 of 5 images cannot be read/);
});

test('a source of which nothing can be read is an error', async () => {
  await assert.rejects(
    ingest('class-folders', (folder) => {
      put(folder, 'a/1.png', 'nothing');
      put(folder, 'b/2.jpg', 'nothing');
    }),
    /None of the 2 images can be read; the first: a\/1.png/,
  );
});

test('an option that a format does not take is refused', async () => {
  await assert.rejects(
    ingest('class-folders', (folder) => put(folder, 'a/1.png', png(CELLS[0]!)), { groups: 'x' }),
    /class-folders has no option "groups"/,
  );
});

test('a source of one class is refused, with a hint', async () => {
  await assert.rejects(
    ingest('class-folders', (folder) => put(folder, 'images/a/1.png', png(CELLS[0]!))),
    /All 1 cells have one label, "images"/,
  );
});
