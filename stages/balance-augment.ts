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
import { contactSheet } from './imaging/contact-sheet.ts';
import { cropSquare } from './imaging/crop.ts';
import { encodePng } from './imaging/png.ts';
import { random } from './imaging/random.ts';
import { drawRecipe } from './imaging/recipe.ts';
import { readDataset, readSamples, type Sample, writeSamplesLike } from './imaging/samples.ts';

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

/** Copies planned beyond the expected need: groups are torn from nothing, so a split is never exactly as expected. */
const SURPLUS = 1.3;

export default async function run({ params, seed, input, output, warn, metric }: Stage<Params>) {
  const originals = readSamples(input('samples'));
  const { classes } = readDataset(input('samples'));
  if (originals.length === 0) throw new StageError('There are no samples to balance.');

  // What may end up in training: all that the source does not keep for its test.
  const hasTest = originals.some(({ part }) => part === 'test');
  const held = (sample: Sample): boolean =>
    sample.part === 'test' || (sample.part === 'validation' && !hasTest);
  const mayTrain = originals.filter((sample) => !held(sample) && !(hasTest && sample.part === 'validation'));
  const share = originals.some(({ part }) => part !== null) ? 1 : params.trainShare;
  const ofClass = new Map(
    classes.map((label) => [label, mayTrain.filter((sample) => sample.label === label)]),
  );
  const expected = (label: string): number => share * ofClass.get(label)!.length;
  const target = params.perClass ?? Math.max(...classes.map(expected));

  const copies: Sample[] = [];
  for (const label of classes) {
    const cells = ofClass.get(label)!;
    if (cells.length === 0) {
      warn(`Class ${label} has no cell to train on.`);
      continue;
    }
    const missing = target - expected(label);
    const wanted = missing <= 0 ? 0 : Math.ceil((SURPLUS * missing) / expected(label));
    const each = Math.min(wanted, params.maxCopies);
    if (missing > each * expected(label))
      warn(
        `Class ${label} cannot be filled to ${Math.round(target)}: ${cells.length} cells, at most ${params.maxCopies} copies of each.`,
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
