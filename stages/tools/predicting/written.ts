import { byCodeUnit } from '../../imaging/samples.ts';
import { csvField } from '../../judging/csv-field.ts';
import { rounded } from '../../judging/evaluation.ts';
import { percent } from '../../judging/numbers.ts';
import type { Named } from './named.ts';

/** How answers are printed, a line each, after a first line. */
export interface Form {
  readonly head: string;
  line(of: Named): string;
}

/** The three likeliest classes. */
export function asText(classes: readonly string[]): Form {
  return {
    head: '',
    line(of) {
      const best = classes
        .map((label, i) => ({ label, p: of.probabilities[i]! }))
        .sort((a, b) => b.p - a.p || byCodeUnit(a.label, b.label));
      const shown = best.slice(0, 3).map(({ label, p }) => `${label} ${percent(p)} %`);
      const notes = [of.sure === false && 'not sure', of.unlike && 'unlike the training data'].filter(
        Boolean,
      );
      const place = of.id === null ? of.image : `${of.image} [${of.id}]`;
      return `${place}  ${shown.join('  ')}${notes.length > 0 ? `  (${notes.join(', ')})` : ''}\n`;
    },
  };
}

export function asJson(classes: readonly string[]): Form {
  return {
    head: '',
    line: ({ image, id, box, label, confidence, sure, unlike, distance, probabilities }) =>
      `${JSON.stringify({
        image,
        ...(id === null ? {} : { id, box }),
        label,
        confidence: rounded(confidence),
        sure,
        unlike,
        distance: distance === null ? null : rounded(distance),
        probabilities: Object.fromEntries(classes.map((name, i) => [name, rounded(probabilities[i]!)])),
      })}\n`,
  };
}

export function asCsv(classes: readonly string[]): Form {
  const fields = [
    'image',
    'id',
    'x',
    'y',
    'width',
    'height',
    'label',
    'confidence',
    'sure',
    'unlike',
    'distance',
  ];
  return {
    head: `${[...fields, ...classes.map((name) => `p ${name}`)].map(csvField).join(',')}\n`,
    line: ({ image, id, box, label, confidence, sure, unlike, distance, probabilities }) =>
      `${[
        image,
        id ?? '',
        ...(box ?? ['', '', '', '']),
        label,
        rounded(confidence),
        sure ?? '',
        unlike ?? '',
        distance === null ? '' : rounded(distance),
        ...Array.from(probabilities, rounded),
      ]
        .map(csvField)
        .join(',')}\n`,
  };
}
