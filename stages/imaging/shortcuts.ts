import { random } from './random.ts';
import { byCodeUnit, type Sample } from './samples.ts';

/** Something beside the cell itself that the label can be told from. */
export interface Shortcut {
  readonly from: 'file size' | 'image size' | 'border colour' | 'position' | 'box size';
  /** Mean recall of the classes when told from that alone, on groups that were not looked at before. */
  readonly balanced: number;
  /** What guessing gets: one divided by the number of classes. */
  readonly chance: number;
  /** Whether that is so much that results have to be read with it in mind. */
  readonly tells: boolean;
}

/** A cell and what is known of its image beside the pixels of the cell. */
export interface Circumstances {
  readonly sample: Sample;
  /** Of the image file. */
  readonly bytes: number;
  /** Mean red, green and blue of the image's border. */
  readonly border: readonly [number, number, number];
}

/** Fewer cells than this say nothing about shortcuts. */
const ENOUGH = 60;
const FOLDS = 5;
/** Steps that a value is divided into, by how many values there are together. */
const STEPS = [0, 16, 6, 4];
/** A shortcut tells where it gets this much of what guessing leaves right. */
const TELLS = 0.25;

/**
 * How well labels can be told from each circumstance alone: values are sorted into steps of equally many cells, and the
 * commonest label of a step, classes weighted alike, is its answer. Cross-validated five times over whole groups.
 */
export function findShortcuts(cells: readonly Circumstances[]): Shortcut[] {
  const labels = [...new Set(cells.map(({ sample }) => sample.label))].sort(byCodeUnit);
  if (cells.length < ENOUGH || labels.length < 2) return [];
  const whole = cells.filter(({ sample }) => sample.box === null);
  const boxed = cells.filter(({ sample }) => sample.box !== null);
  // Cells of one field share the field's size and border: those say nothing there.
  const asked: readonly (readonly [
    Shortcut['from'],
    readonly Circumstances[],
    (cell: Circumstances) => number[],
  ])[] = [
    ['file size', whole, ({ bytes }) => [bytes]],
    ['image size', whole, ({ sample }) => [...sample.imageSize]],
    ['border colour', whole, ({ border }) => [...border]],
    ['position', boxed, ({ sample }) => centre(sample)],
    ['box size', boxed, ({ sample }) => sample.box!.slice(2)],
  ];
  return asked.flatMap(([from, some, values]) => {
    if (some.length < ENOUGH) return [];
    const chance = 1 / labels.length;
    const balanced = tellFrom(
      some.map(values),
      some.map(({ sample }) => sample),
      labels,
    );
    return [
      {
        from,
        balanced: round(balanced),
        chance: round(chance),
        tells: balanced - chance >= TELLS * (1 - chance),
      },
    ];
  });
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;

/** Where a box's middle lies in the image, 0..1. */
const centre = ({ box, imageSize }: Sample): number[] => {
  const [x, y, w, h] = box!;
  return [(x + w / 2) / imageSize[0], (y + h / 2) / imageSize[1]];
};

/** Mean recall over the labels that occur. */
function tellFrom(
  values: readonly (readonly number[])[],
  samples: readonly Sample[],
  labels: readonly string[],
): number {
  const steps = inSteps(values);
  const folds = foldsOf(samples);
  const number = new Map(labels.map((label, i) => [label, i]));
  const own = samples.map(({ label }) => number.get(label)!);
  const right = new Float64Array(labels.length);
  const all = new Float64Array(labels.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const counts = new Map<string, Float64Array>();
    const totals = new Float64Array(labels.length);
    for (const [i, step] of steps.entries()) {
      if (folds[i] === fold) continue;
      const count = counts.get(step) ?? new Float64Array(labels.length);
      counts.set(step, count);
      count[own[i]!]! += 1;
      totals[own[i]!]! += 1;
    }
    for (const [i, step] of steps.entries()) {
      if (folds[i] !== fold) continue;
      all[own[i]!]! += 1;
      const shares = counts.get(step)?.map((count, c) => (totals[c]! > 0 ? count / totals[c]! : 0));
      if (shares === undefined) continue; // never seen: no answer, which is wrong
      if (shares.indexOf(Math.max(...shares)) === own[i]) right[own[i]!]! += 1;
    }
  }
  const present = [...all.keys()].filter((c) => all[c]! > 0);
  return present.reduce((sum, c) => sum + right[c]! / all[c]!, 0) / present.length;
}

/** A name for the step that each row of values lies in. */
function inSteps(values: readonly (readonly number[])[]): string[] {
  const width = values[0]!.length;
  const steps = STEPS[width]!;
  const cuts = Array.from({ length: width }, (_, c) => {
    const sorted = values.map((row) => row[c]!).sort((a, b) => a - b);
    return Array.from(
      { length: steps - 1 },
      (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / steps)]!,
    );
  });
  return values.map((row) => row.map((value, c) => cuts[c]!.filter((cut) => value >= cut).length).join(' '));
}

/** Whole groups, dealt out by chance. */
function foldsOf(samples: readonly Sample[]): number[] {
  const groups = [...new Set(samples.map(({ group }) => group))].sort(byCodeUnit);
  const dealt = new Map(
    random(0, 'folds')
      .shuffle(groups)
      .map((group, i) => [group, i % FOLDS]),
  );
  return samples.map(({ group }) => dealt.get(group)!);
}
