/**
 * Reads labelled cells out of a data set: images into shards, cells into rows, and what is wrong with them.
 *
 * Every image is decoded once here, to know that it can be read and what it looks like. Nothing is dropped in
 * silence: what is left out is named in `quality`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Stage, StageError } from 'bloodline-ml/stage';
import { checkBoxes } from './imaging/boxes.ts';
import type { DatasetFormat, SourceImage } from './imaging/dataset-format.ts';
import type { Fingerprint } from './imaging/fingerprint.ts';
import { openLookers } from './imaging/looking.ts';
import { nearDuplicates } from './imaging/near-duplicates.ts';
import { orderedMap } from './imaging/ordered-map.ts';
import { judge, type Quality, qualityMarkdown } from './imaging/quality.ts';
import { byCodeUnit, type Part, type Sample, writeSamples } from './imaging/samples.ts';
import { ShardWriter } from './imaging/shards.ts';

export const inputs = { source: 'optional' } as const;
export const outputs = ['images', 'samples', 'quality'] as const;

export const params = {
  format: {
    type: 'string',
    format: 'module',
    description: 'TypeScript file that reads the data set: one of stages/datasets/, or your own.',
  },
  options: {
    type: 'object',
    default: {},
    description: 'Settings of the format, such as the columns of a CSV file; see its file.',
  },
  name: {
    type: ['string', 'null'],
    default: null,
    description: 'What the data set is called on the pages; null: as its format.',
  },
} as const;
type Params = typeof params;

const HOW_TO_GET_DATA = `Unpack a data set and give its folder with --param source=FOLDER, its layout with --param format=stages/datasets/FORMAT.ts. Public ones:
  BCCD (364 fields, 4,888 boxes, 3 classes; MIT): github.com/Shenggan/BCCD_Dataset; FOLDER is its BCCD/. Format pascal-voc, or --profile bccd
  PBC, Acevedo et al. 2020 (17,092 cells, 8 classes; CC BY 4.0): doi.org/10.17632/snkd93bnjr.1, on Kaggle as unclesamulus/blood-cells-image-dataset; FOLDER holds a folder a class. Format class-folders, or --profile pbc
  Kaggle's "Blood Cell Images" (paultimothymooney/blood-cells, 4 classes; MIT): FOLDER holds TRAIN/ and TEST/. Format class-folders, with --param onLeak=drop, because it was augmented before it was split
  BloodMNIST (PBC again, small; CC BY 4.0): medmnist.com; FOLDER holds bloodmnist.npz. Format npz
Or let it draw some: bloodline run --profile demo`;

export default async function run({
  params,
  input,
  has,
  output,
  module,
  progress,
  fact,
  metric,
  warn,
  signal,
}: Stage<Params>) {
  const format = await module<DatasetFormat>('format');
  if (format.needsSource && !has('source'))
    throw new StageError(
      `The format ${format.format} reads a data set, and no source is given.`,
      HOW_TO_GET_DATA,
    );

  for (const name of Object.keys(params.options))
    if (!(name in format.options))
      throw new StageError(
        `The format ${format.format} has no option ${JSON.stringify(name)}.`,
        `It takes ${Object.keys(format.options).join(', ') || 'none'}.`,
      );

  const ignored = { hidden: [] as string[], foreign: [] as string[] };
  let expected = 0;
  const leftOut: { path: string; message: string }[] = [];
  const images = format.read({
    source: has('source') ? input('source') : null,
    options: params.options,
    expect: (images) => {
      expected = images;
    },
    ignored: (why, path) => ignored[why].push(path),
    problem: (path, message) => leftOut.push({ path, message }),
  });

  const shards = await ShardWriter.create(output('images'));
  const samples: Sample[] = [];
  const readable: { path: string; fingerprint: Fingerprint }[] = [];
  const parts = new Map<string, Part | null>();
  const unreadable: { path: string; message: string }[] = [];
  const boxes: Quality['boxes'][number][] = [];
  const start = performance.now();
  let done = 0;
  // Opened with the first image: until then nobody knows how many there will be.
  let lookers: ReturnType<typeof openLookers> | undefined;
  const look = async (image: SourceImage) => {
    lookers ??= openLookers(undefined, expected);
    return { image, looked: await lookers.do(image.bytes) };
  };
  for await (const { image, looked } of orderedMap(images, () => lookers?.width ?? 1, look)) {
    signal.throwIfAborted();
    done++;
    progress(done, Math.max(done, expected), `image ${done}`);
    if ('message' in looked) {
      unreadable.push({ path: image.path, message: looked.message });
      continue;
    }
    if (parts.has(image.path))
      throw new StageError(
        `The format ${format.format} gave ${image.path} twice.`,
        'Give each image once, with all its cells.',
      );
    const { width, height } = looked;
    shards.add(image.path, image.bytes);
    parts.set(image.path, image.part);
    readable.push({ path: image.path, fingerprint: looked.fingerprint });
    const checked = checkBoxes(image.cells, width, height);
    boxes.push(...checked.problems.map((problem) => ({ path: image.path, ...problem })));
    for (const [i, { label, box, group, flags }] of checked.cells.entries()) {
      samples.push({
        id: box === null && checked.cells.length === 1 ? image.path : `${image.path}#${i}`,
        label,
        image: image.path,
        imageSize: [width, height],
        box,
        group: group ?? image.path,
        part: image.part,
        flags,
      });
    }
  }
  await lookers?.close();
  await shards.close();
  fact('images/s', Math.round((1000 * done) / (performance.now() - start)));
  if (done === 0)
    throw new StageError(`No image found in the source.`, `Is it really of the format ${format.format}?`);
  if (readable.length === 0)
    throw new StageError(
      `None of the ${done} images can be read; the first: ${unreadable[0]!.path}: ${unreadable[0]!.message}`,
    );
  if (samples.length === 0) throw new StageError(`The source has ${done} images and not one labelled cell.`);
  if (unreadable.length > 0)
    warn(
      `${unreadable.length} of ${done} images cannot be read and are left out; they are named in quality.md`,
    );

  const classes = [...new Set(samples.map(({ label }) => label))].sort(byCodeUnit);
  if (classes.length < 2)
    throw new StageError(
      `All ${samples.length} cells have one label, ${JSON.stringify(classes[0])}: there is nothing to tell apart.`,
      format.format === 'class-folders' ? 'Is the source one folder too high, or too low?' : undefined,
    );
  const alike = nearDuplicates(readable);
  const twins = new Set(alike.flatMap(({ a, b }) => [a, b]));
  await writeSamples(output('samples'), {
    samples: samples.map((sample) =>
      twins.has(sample.image) ? { ...sample, flags: [...sample.flags, 'looks-like-another'] } : sample,
    ),
    dataset: {
      name: params.name ?? format.format,
      format: format.format,
      classes,
      synthetic: !format.needsSource,
      ...(format.licence === undefined ? {} : { licence: format.licence }),
    },
    nearDuplicates: alike,
  });

  const quality = judge({
    samples,
    images: readable.map(({ path }) => path),
    parts,
    nearDuplicates: alike,
    unreadable,
    boxes,
    source: leftOut,
    ignored: { hidden: ignored.hidden.sort(byCodeUnit), foreign: ignored.foreign.sort(byCodeUnit) },
  });
  await mkdir(output('quality'));
  await writeFile(join(output('quality'), 'quality.json'), `${JSON.stringify(quality, null, 2)}\n`);
  await writeFile(
    join(output('quality'), 'quality.md'),
    qualityMarkdown(params.name ?? format.format, quality),
  );
  metric('images', readable.length);
  metric('samples', samples.length);
  metric('unreadable', unreadable.length);
  metric('near-duplicates', alike.length);
}
