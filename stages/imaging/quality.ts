import type { BoxProblem } from './boxes.ts';
import { byCodeUnit, type NearDuplicate, type Part, type Sample } from './samples.ts';
import type { Shortcut } from './shortcuts.ts';

/** `quality.json`: what is wrong with the data, each finding by name. */
export interface Quality {
  readonly images: number;
  readonly samples: number;
  readonly perLabel: Readonly<Record<string, number>>;
  readonly unreadable: readonly { readonly path: string; readonly message: string }[];
  readonly boxes: readonly (BoxProblem & { readonly path: string })[];
  /** What the format's reader left out, and why. */
  readonly source: readonly { readonly path: string; readonly message: string }[];
  readonly nearDuplicates: readonly (NearDuplicate & { readonly parts: string })[];
  /** Images of single cells that look alike and are called differently. */
  readonly oneLookTwoLabels: readonly { readonly a: string; readonly b: string; readonly labels: string }[];
  readonly shortcuts: readonly Shortcut[];
  readonly rareLabels: readonly { readonly label: string; readonly samples: number }[];
  readonly sizeShortcut: SizeShortcut | null;
  readonly imagesWithoutCells: readonly string[];
  /** Fields without a label that nearly every other field has: likely not labelled rather than not there. */
  readonly seeminglyUnlabelled: readonly { readonly path: string; readonly label: string }[];
  readonly ignored: { readonly hidden: readonly string[]; readonly foreign: readonly string[] };
}

/** How well the label can be told from the size alone, without a look at a pixel. */
export interface SizeShortcut {
  /** 'box': the longer side of the box; 'image': width and height of the image. */
  readonly from: 'box' | 'image';
  /** Accuracy of the best guess, and that of always guessing the largest class. */
  readonly accuracy: number;
  readonly floor: number;
}

/** Fewer samples of a label than this make its numbers noise. */
const ENOUGH = 30;
/** A size that gets this much of the remaining error right is worth a word. */
const WORTH_A_WORD = 0.1;

export function judge(content: {
  samples: readonly Sample[];
  images: readonly string[];
  parts: ReadonlyMap<string, Part | null>;
  nearDuplicates: readonly NearDuplicate[];
  shortcuts: readonly Shortcut[];
  unreadable: Quality['unreadable'];
  boxes: Quality['boxes'];
  source: Quality['source'];
  ignored: Quality['ignored'];
}): Quality {
  const { samples, images, parts, nearDuplicates } = content;
  const perLabel: Record<string, number> = {};
  for (const label of [...new Set(samples.map((sample) => sample.label))].sort(byCodeUnit))
    perLabel[label] = samples.filter((sample) => sample.label === label).length;
  const used = new Set(samples.map((sample) => sample.image));
  return {
    images: images.length,
    samples: samples.length,
    perLabel,
    unreadable: content.unreadable,
    boxes: content.boxes,
    source: content.source,
    nearDuplicates: nearDuplicates.map((pair) => ({
      ...pair,
      parts: [parts.get(pair.a) ?? '-', parts.get(pair.b) ?? '-'].join(' / '),
    })),
    oneLookTwoLabels: oneLookTwoLabels(samples, nearDuplicates),
    shortcuts: content.shortcuts,
    rareLabels: Object.entries(perLabel)
      .filter(([, count]) => count < ENOUGH)
      .map(([label, count]) => ({ label, samples: count })),
    sizeShortcut: sizeShortcut(samples),
    imagesWithoutCells: images.filter((path) => !used.has(path)),
    seeminglyUnlabelled: seeminglyUnlabelled(samples),
    ignored: content.ignored,
  };
}

function oneLookTwoLabels(
  samples: readonly Sample[],
  pairs: readonly NearDuplicate[],
): Quality['oneLookTwoLabels'] {
  const labels = new Map(samples.flatMap(({ image, box, label }) => (box === null ? [[image, label]] : [])));
  return pairs.flatMap(({ a, b }) => {
    const [one, other] = [labels.get(a), labels.get(b)];
    return one === undefined || other === undefined || one === other
      ? []
      : [{ a, b, labels: `${one} / ${other}` }];
  });
}

/** A label that this share of the fields has is expected in the others. */
const USUAL = 0.8;

/** Only for fields with boxes; an image that is one cell has one label. */
export function seeminglyUnlabelled(samples: readonly Sample[]): Quality['seeminglyUnlabelled'] {
  const labelsOf = new Map<string, Set<string>>();
  for (const { image, label, box } of samples) {
    if (box === null) continue;
    const known = labelsOf.get(image);
    if (known) known.add(label);
    else labelsOf.set(image, new Set([label]));
  }
  const labels = [...new Set(samples.map(({ label }) => label))].sort(byCodeUnit);
  return labels.flatMap((label) => {
    const without = [...labelsOf].filter(([, own]) => !own.has(label)).map(([path]) => ({ path, label }));
    return without.length <= (1 - USUAL) * labelsOf.size ? without : [];
  });
}

/** null where sizes say little. */
export function sizeShortcut(samples: readonly Sample[]): SizeShortcut | null {
  if (samples.length === 0) return null;
  const boxed = samples.every((sample) => sample.box !== null);
  // Boxes are compared in steps of an eighth of an octave; image sizes as they are.
  const size = ({ box, imageSize }: Sample): string =>
    boxed ? String(Math.round(Math.log2(Math.max(box![2], box![3])) * 8)) : imageSize.join('×');
  const largest = (group: readonly Sample[]): number => {
    const counts = new Map<string, number>();
    for (const { label } of group) counts.set(label, (counts.get(label) ?? 0) + 1);
    return Math.max(...counts.values());
  };
  const bySize = groupBy(samples, size);
  const right = [...bySize.values()].reduce((sum, group) => sum + largest(group), 0);
  const accuracy = right / samples.length;
  const floor = largest(samples) / samples.length;
  if (accuracy - floor < WORTH_A_WORD * (1 - floor)) return null;
  return { from: boxed ? 'box' : 'image', accuracy, floor };
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/** How many findings of one kind the table names; all are in `quality.json`. */
const NAMED = 20;

/** The same for people, as Markdown. */
export function qualityMarkdown(name: string, quality: Quality): string {
  const lines = [`# What is wrong with ${name}`, ''];
  lines.push(`${quality.samples} samples in ${quality.images} images.`, '');
  lines.push('| label | samples |', '|---|---|');
  for (const [label, count] of Object.entries(quality.perLabel)) lines.push(`| ${label} | ${count} |`);
  const section = (title: string, findings: readonly string[]): void => {
    if (findings.length === 0) return;
    lines.push(
      '',
      `## ${title}: ${findings.length}`,
      '',
      ...findings.slice(0, NAMED).map((text) => `* ${text}`),
    );
    if (findings.length > NAMED) lines.push(`* and ${findings.length - NAMED} more, in quality.json`);
  };
  const boxes = (kind: BoxProblem['kind']): string[] =>
    quality.boxes
      .filter((problem) => problem.kind === kind)
      .map(
        ({ path, label, box, other }) =>
          `${path}: ${label} at ${box.join(', ')}${other === undefined ? '' : `, also called ${other}`}`,
      );
  section(
    'Images that cannot be read, left out',
    quality.unreadable.map(({ path, message }) => `${path}: ${message}`),
  );
  section(
    'Left out by the reader',
    quality.source.map(({ path, message }) => `${path}: ${message}`),
  );
  section('Boxes with nothing in them, left out', boxes('degenerate'));
  section('Boxes that reach over the edge, clipped', boxes('clipped'));
  section('Boxes given twice, one kept', boxes('given-twice'));
  section('Boxes with two labels, none kept', boxes('two-labels'));
  section(
    'Images that look alike',
    quality.nearDuplicates.map(
      ({ a, b, distance, parts }) => `${a} and ${b} (${parts}, distance ${distance})`,
    ),
  );
  section(
    'Images that look alike and have two labels',
    quality.oneLookTwoLabels.map(({ a, b, labels }) => `${a} and ${b}: ${labels}`),
  );
  section(
    'Labels with too few samples',
    quality.rareLabels.map(({ label, samples }) => `${label}: ${samples}`),
  );
  section(
    'Fields without a label that nearly all others have, perhaps not labelled',
    quality.seeminglyUnlabelled.map(({ path, label }) => `${path}: no ${label}`),
  );
  section('Images without a cell', quality.imagesWithoutCells);
  section('Hidden files, ignored', quality.ignored.hidden);
  section('Foreign files, ignored', quality.ignored.foreign);
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  if (quality.sizeShortcut) {
    const { from, accuracy, floor } = quality.sizeShortcut;
    lines.push('', `## The size of the ${from} gives the label away`, '');
    lines.push(
      `From it alone ${percent(accuracy)} of the labels can be told; always saying the largest class gets ${percent(floor)}.`,
    );
  }
  if (quality.shortcuts.length > 0) {
    lines.push('', '## What tells the label without a look at the cell', '');
    lines.push(
      'Mean recall of the classes, from one circumstance alone, cross-validated over whole groups; bold where results have to be read with it in mind.',
      '',
      '| from | mean recall | guessing |',
      '|---|---|---|',
      ...quality.shortcuts.map(({ from, balanced, chance, tells }) => {
        const [open, close] = tells ? ['**', '**'] : ['', ''];
        return `| ${open}${from}${close} | ${percent(balanced)} | ${percent(chance)} |`;
      }),
    );
  }
  return `${lines.join('\n')}\n`;
}
