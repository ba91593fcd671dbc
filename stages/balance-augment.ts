/**
 * Plans how small classes are filled up: rows that are recipes over existing rows. No pixel is written but a sheet to
 * look at.
 *
 * It plans more than is needed, each copy with a rank, because the split comes later and decides how many originals
 * of a class there are to train on; split then takes copies by rank until the classes are even.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Stage, StageError } from 'bloodline-ml/stage';
import { planCopies } from './imaging/balance.ts';
import { contactSheet } from './imaging/contact-sheet.ts';
import { cropSquare } from './imaging/crop.ts';
import { findLeaks, withoutLeaks } from './imaging/leaks.ts';
import { ownParts } from './imaging/own-split.ts';
import { inseparable } from './imaging/partition.ts';
import { encodePng } from './imaging/png.ts';
import { random } from './imaging/random.ts';
import { drawRecipe } from './imaging/recipe.ts';
import {
  readDataset,
  readNearDuplicates,
  readSamples,
  type Sample,
  writeSamplesLike,
} from './imaging/samples.ts';

export const inputs = { samples: 'required', images: 'required' } as const;
export const outputs = ['samples', 'sheet'] as const;
export const draws = true;

export const params = {
  perClass: {
    type: ['integer', 'null'],
    minimum: 1,
    default: null,
    unit: 'cells',
    description: 'Training cells of each class after balancing; null: as many as the largest class has.',
  },
  maxCopies: {
    type: 'integer',
    minimum: 0,
    maximum: 100,
    default: 15,
    unit: 'copies',
    description:
      'Most augmented copies of one cell: more would train on the same few cells again and again. 0: none.',
  },
  trainShare: {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 1,
    default: 0.7,
    description:
      'Part of the cells that split will train on, where the source has no split of its own; to plan with.',
  },
  contrast: {
    type: 'number',
    minimum: 0,
    maximum: 0.9,
    default: 0.15,
    description:
      'Largest change of contrast: .15 draws factors from .85 to 1.15, about what stains differ by.',
  },
  brightness: {
    type: 'number',
    minimum: 0,
    maximum: 127,
    default: 12,
    unit: 'steps of 0..255',
    description: 'Largest change of brightness.',
  },
} as const;
type Params = typeof params;

export default async function run({ params, seed, input, output, warn, metric }: Stage<Params>) {
  const originals = readSamples(input('samples'));
  const { classes } = readDataset(input('samples'));
  if (originals.length === 0) throw new StageError('There are no samples to balance.');

  // What may end up in training: all, or of a source's own split its training part less what leaks into the others
  // (split takes that out, or stops).
  const own = ownParts(originals);
  const alike = readNearDuplicates(input('samples'));
  const parts = own && withoutLeaks(originals, own, findLeaks(originals, own, alike));
  const mayTrain = originals.filter((_, i) => parts === null || parts[i] === 'train');
  for (const label of classes)
    if (!mayTrain.some((sample) => sample.label === label)) warn(`Class ${label} has no cell to train on.`);

  // A source's own validation part leaves training as it is; otherwise some of it will go.
  const whole = own?.includes('validation') ?? false;
  const rest = (1 - params.trainShare) / 2;
  const share = whole ? 1 : own ? params.trainShare / (params.trainShare + rest) : params.trainShare;
  const uneven = !whole && inseparable(mayTrain, alike).some((set) => set.length > 1);
  const expected = new Map<string, number>();
  for (const { label } of mayTrain) expected.set(label, (expected.get(label) ?? 0) + share);
  const plans = planCopies(expected, { ...params, uneven });

  const copies: Sample[] = [];
  for (const label of classes) {
    const cells = mayTrain.filter((sample) => sample.label === label);
    const { each, fills } = plans.get(label) ?? { each: 0, fills: true };
    if (!fills)
      warn(
        `Class ${label} cannot be filled${params.perClass === null ? '' : ` to ${params.perClass}`}: ${cells.length} cells, at most ${params.maxCopies} copies of each.`,
      );
    for (const cell of cells) {
      // A stream of its own for each cell: another cell in the data changes no recipe of this one.
      const draw = random(seed, `recipe:${cell.id}`);
      const [width, height] = cell.imageSize;
      const square = cropSquare(cell.box, width, height);
      for (let rank = 0; rank < each; rank++) {
        const recipe = drawRecipe(draw, square, width, height, params);
        copies.push({ ...cell, id: `${cell.id}~${rank + 1}`, source: cell.id, rank, recipe });
      }
    }
  }
  await writeSamplesLike(output('samples'), input('samples'), [...originals, ...copies]);
  await mkdir(output('sheet'));
  await writeFile(
    join(output('sheet'), 'sheet.png'),
    encodePng(await contactSheet(input('images'), classes, originals, copies)),
  );
  metric('originals', originals.length);
  metric('copies', copies.length);
}
