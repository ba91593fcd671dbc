import type { ArtifactDifference } from '../difference/artifact-difference.ts';
import { duration, failureLines } from '../log/sentences.ts';
import type { Audited } from '../run/audit.ts';
import type { OtherFact } from '../run/circumstances.ts';

/** More files than these are counted. */
const SHOWN = 5;

/** What an audit found, for people. */
export function auditLines(audited: readonly Audited[]): readonly string[] {
  const lines = audited.flatMap(linesOf);
  const count = (how: Audited['how']): number => audited.filter((one) => one.how === how).length;
  const parts = [
    `${count('equal')} equal`,
    `${count('differs')} differ`,
    ...(count('failed') > 0 ? [`${count('failed')} failed`] : []),
    ...(count('never-ran') > 0 ? [`${count('never-ran')} without a result to compare with`] : []),
  ];
  return [...lines, `Audited: ${parts.join(', ')}.`];
}

function linesOf(one: Audited): readonly string[] {
  switch (one.how) {
    case 'never-ran':
      return [`${one.stage}: has no result in the store`];
    case 'failed':
      return [
        `${one.stage}: failed when it was run again`,
        ...failureLines(one.failure).map((line) => `  ${line}`),
      ];
    case 'equal':
      return [`${one.stage}: the same bytes again, ${outputs(one.outputs)} (${duration(one.ms)})`];
    case 'differs':
      return [
        `${one.stage}: other bytes than in the store (${duration(one.ms)})`,
        ...one.differing.flatMap(({ output, files }) => [
          ...arraysFirst(files)
            .slice(0, SHOWN)
            .map((file) => `  ${output}${place(file)}`),
          ...(files.length > SHOWN ? [`  ${output}: and ${files.length - SHOWN} more files`] : []),
        ]),
        ...explaining(one.circumstances).map(
          ({ fact, was, is }) =>
            `  it was made with another ${fact}: ${JSON.stringify(was)} then, ${JSON.stringify(is)} now`,
        ),
      ];
    default:
      return one satisfies never;
  }
}

const outputs = (count: number): string => (count === 1 ? '1 output' : `${count} outputs`);

/** Of another engine all else is different, too. */
const explaining = (facts: readonly OtherFact[]): readonly OtherFact[] =>
  facts[0]?.fact === 'engine' ? facts.slice(0, 1) : facts;

/** Digests and sums in other files follow from the arrays. */
const arraysFirst = (files: readonly ArtifactDifference[]): readonly ArtifactDifference[] => [
  ...files.filter(({ what }) => what === 'array'),
  ...files.filter(({ what }) => what !== 'array'),
];

/** `/weights.bin: conv/kernel[0, 1, 2, 7] was 0.25, is 0.26`. */
function place(difference: ArtifactDifference): string {
  const file = difference.file === '' ? '' : `/${difference.file}`;
  switch (difference.what) {
    case 'gone':
      return `${file} is not made any more`;
    case 'new':
      return `${file} was not made before`;
    case 'array':
      return `${file}: ${difference.array ?? ''}[${difference.index.join(', ')}] was ${difference.was}, is ${difference.is}`;
    case 'json':
      return `${file}: ${difference.path || 'the value'} was ${short(difference.was)}, is ${short(difference.is)}`;
    case 'line':
      return `${file}: line ${difference.line} was ${short(difference.was)}, is ${short(difference.is)}`;
    case 'byte':
      return `${file}: byte ${difference.byte} was ${difference.was ?? 'not there'}, is ${difference.is ?? 'not there'}`;
    default:
      return difference satisfies never;
  }
}

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'not there';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};
