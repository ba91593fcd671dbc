/**
 * Reads labelled cells out of a data set: images into shards, cells into rows, and what is wrong with them.
 *
 * Every image is decoded once here, to know that it can be read and what it looks like. Nothing is dropped in
 * silence: what is left out is named in `quality`.
 */
import { type Stage, StageError } from 'bloodline-ml/stage';
import type { DatasetFormat } from './imaging/dataset-format.ts';
import { readThrough } from './imaging/read-through.ts';

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

  const { images, samples, quality, perSecond } = await readThrough({
    format,
    source: has('source') ? input('source') : null,
    options: params.options,
    name: params.name,
    to: { images: output('images'), samples: output('samples'), quality: output('quality') },
    progress,
    warn,
    signal,
  });
  fact('images/s', perSecond);
  metric('images', images.length);
  metric('samples', samples.length);
  metric('unreadable', quality.unreadable.length);
  metric('near-duplicates', quality.nearDuplicates.length);
}
