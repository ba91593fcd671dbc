/**
 * Divides the samples into training, validation and test, and evens the training classes out.
 *
 * Groups stay whole, images that look alike stay together, only originals are validated and tested on. A source's
 * own split is kept; where it has two parts, the second is the test and validation is carved from the first. At the
 * end it is proved that nothing crosses, or the stage fails.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Stage, StageError } from 'bloodline-ml/stage';
import { type Assigned, findLeaks, type Leak, withoutLeaks } from './imaging/leaks.ts';
import { ownParts } from './imaging/own-split.ts';
import { inseparable, PARTS, partition } from './imaging/partition.ts';
import {
  jsonLines,
  type NearDuplicate,
  type Part,
  readDataset,
  readNearDuplicates,
  readSamples,
  type Sample,
} from './imaging/samples.ts';
import { trim } from './imaging/trim.ts';

export const inputs = { samples: 'required' } as const;
export const outputs = ['assignment'] as const;
export const draws = true;

export const params = {
  train: {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 1,
    default: 0.7,
    description: 'Share of training; shares are taken in proportion, so they need not sum to 1.',
  },
  validation: {
    type: 'number',
    minimum: 0,
    maximum: 1,
    default: 0.15,
    description: 'Share of validation, which chooses the best epoch.',
  },
  test: {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 1,
    default: 0.15,
    description:
      'Share of the test, which nothing is chosen by. Not used where the source has its own test part.',
  },
  perClass: {
    type: ['integer', 'null'],
    minimum: 1,
    default: null,
    unit: 'cells',
    description:
      'Training cells of each class after balancing; null: as many as the largest class has originals.',
  },
  onLeak: {
    type: 'string',
    enum: ['fail', 'drop'],
    default: 'fail',
    description:
      'What to do where the source’s own split has a group or a picture on two sides: stop and name the pair, or take the training side out and count it.',
  },
} as const;
type Params = typeof params;

/** Training classes may differ by this much before it is said. */
const EVEN = 0.05;

export default async function run({ params, seed, input, output, metric, warn }: Stage<Params>) {
  const rows = readSamples(input('samples'));
  const { name, synthetic, licence, classes } = readDataset(input('samples'));
  const alike = readNearDuplicates(input('samples'));
  const originals = rows
    .map((sample, row) => ({ sample, row }))
    .filter(({ sample }) => sample.source === undefined);
  const cells = originals.map(({ sample }) => sample);

  const shares = { train: params.train, validation: params.validation, test: params.test };
  const own = ownParts(cells);
  const crossing = own === null ? [] : findLeaks(cells, own, alike);
  if (crossing.length > 0 && params.onLeak === 'fail')
    throw new StageError(
      `${crossing.length} ${crossing.length === 1 ? 'leak' : 'leaks'} between the parts of the source's own split. ${sentence(crossing[0]!)}`,
      'Give --param onLeak=drop to take the training side of each out (it is counted), or mend the data set.',
    );
  let parts: readonly Assigned[] =
    own === null ? divide(cells, alike, shares, seed) : withoutLeaks(cells, own, crossing);
  if (own !== null && !own.includes('validation')) {
    const training = cells.filter((_, i) => parts[i] === 'train');
    const carved = divide(training, alike, { ...shares, test: 0 }, seed);
    let next = 0;
    parts = parts.map((part) => (part === 'train' ? carved[next++]! : part));
  }
  const partOf = new Map(cells.map(({ id }, i) => [id, parts[i]!]));
  const inTraining = rows.flatMap((sample, row) =>
    partOf.get(sample.source ?? sample.id) === 'train'
      ? [{ row, label: sample.label, rank: sample.rank ?? null }]
      : [],
  );
  const chosen = trim(inTraining, params.perClass, seed);
  const assignment = rows.map((sample, row) => {
    const original = sample.source === undefined;
    const part = partOf.get(sample.source ?? sample.id)!;
    const used = part === 'train' ? chosen.rows.has(row) : original;
    return {
      row,
      id: sample.id,
      label: classes.indexOf(sample.label),
      group: sample.group,
      part: used ? part : ('unused' as const),
      augmented: !original,
    };
  });

  // The proof, on the rows as they will be used, copies too.
  const remaining = findLeaks(
    rows,
    assignment.map(({ part }) => part),
    alike,
  );
  if (remaining.length > 0) throw new Error(`a leak is left: ${sentence(remaining[0]!)}`);

  const count = (
    part: Assigned,
    keep: (row: (typeof assignment)[number]) => boolean,
  ): Record<string, number> =>
    Object.fromEntries(
      classes.map((label, i) => [
        label,
        assignment.filter((a) => a.part === part && a.label === i && keep(a)).length,
      ]),
    );
  const before = Object.fromEntries(
    classes.map((label) => [label, inTraining.filter((c) => c.label === label && c.rank === null).length]),
  );
  const after = count('train', () => true);
  const unfilled = classes.filter((label) => after[label]! < chosen.target * (1 - EVEN));
  for (const label of unfilled)
    warn(`Class ${label} has ${after[label]} training cells of ${chosen.target}: it cannot be filled.`);
  for (const part of PARTS) {
    const counts = count(part, () => true);
    const missing = classes.filter((label) => counts[label] === 0);
    if (missing.length === classes.length && (part !== 'validation' || params.validation > 0))
      throw new StageError(
        `The ${part} part is empty.`,
        'There are too few groups to divide; give more data or other shares.',
      );
    if (missing.length > 0 && missing.length < classes.length)
      warn(`The ${part} part has no cell of ${missing.join(', ')}: too few groups.`);
  }

  await mkdir(output('assignment'));
  await writeFile(join(output('assignment'), 'assignment.jsonl'), jsonLines(assignment));
  const summary = {
    // Carried along, so that each number below can say what it was measured on.
    dataset: { name, synthetic, ...(licence === undefined ? {} : { licence }) },
    classes,
    counts: Object.fromEntries([...PARTS, 'unused' as const].map((part) => [part, count(part, () => true)])),
    groups: Object.fromEntries(
      PARTS.map((part) => [
        part,
        new Set(assignment.filter((a) => a.part === part).map((a) => a.group)).size,
      ]),
    ),
    balance: {
      target: chosen.target,
      before,
      after,
      augmented: count('train', ({ augmented }) => augmented),
      unfilled,
    },
    leaks: {
      onLeak: params.onLeak,
      // What was looked at; that nothing crosses any more was checked on the result.
      groupsChecked: new Set(cells.map(({ group }) => group)).size,
      pairsChecked: alike.length,
      found: crossing,
      dropped: parts.filter((part) => part === 'unused').length,
    },
  };
  await writeFile(join(output('assignment'), 'split.json'), `${JSON.stringify(summary, null, 2)}\n`);
  for (const part of PARTS) metric(`${part} cells`, assignment.filter((a) => a.part === part).length);
  metric('leaks dropped', summary.leaks.dropped);
}

/** Whole sets of what belongs together, each to a part. */
function divide(
  cells: readonly Sample[],
  alike: readonly NearDuplicate[],
  shares: Readonly<Record<Part, number>>,
  seed: number,
): Part[] {
  const sets = inseparable(cells, alike);
  const chosen = partition(sets, cells, shares, seed);
  const parts: Part[] = new Array(cells.length);
  for (const [i, set] of sets.entries()) for (const row of set) parts[row] = chosen[i]!;
  return parts;
}

const sentence = ({ kind, a, partA, b, partB }: Leak): string =>
  kind === 'near-duplicate'
    ? `The images ${a} (${partA}) and ${b} (${partB}) look alike.`
    : `The ${kind} ${a} stands in ${partA} and in ${partB}.`;
