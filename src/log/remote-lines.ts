import { size } from './size.ts';
import { alignColumns } from './table.ts';

/** What became of what was to be pulled. */
export function pullLines(
  answer: readonly { readonly what: string; readonly how: 'there' | 'fetched' | 'nowhere' }[],
): readonly string[] {
  const count = (how: string): number => answer.filter((one) => one.how === how).length;
  const nowhere = answer.filter(({ how }) => how === 'nowhere').map(({ what }) => what);
  return [
    `${count('fetched')} results fetched, ${count('there')} were there already`,
    ...(nowhere.length > 0 ? [`nobody has: ${nowhere.join(', ')}`] : []),
  ];
}

/** What became of what was to be pushed, a line for each remote. */
export function pushLines(
  answer: readonly {
    readonly remote: string;
    readonly stage: string;
    readonly how: 'sent' | 'there' | 'damaged';
  }[],
): readonly string[] {
  if (answer.length === 0) return ['there is nothing to send: no stage has a result here'];
  return [...new Set(answer.map(({ remote }) => remote))].flatMap((remote) => {
    const its = answer.filter((one) => one.remote === remote);
    const count = (how: string): number => its.filter((one) => one.how === how).length;
    const damaged = its.filter(({ how }) => how === 'damaged').map(({ stage }) => stage);
    return [
      `${remote}: ${count('sent')} results sent, ${count('there')} were there already`,
      ...(damaged.length > 0
        ? [`not sent, for files of theirs are damaged here (see \`bloodline verify\`): ${damaged.join(', ')}`]
        : []),
    ];
  });
}

/** The remotes of a pipeline, a line each. */
export function remoteLines(
  states: readonly {
    readonly name: string;
    readonly at: string;
    readonly results: { readonly trusted: number; readonly others: number } | null;
    readonly trouble: string | null;
    readonly trustsUs: boolean;
  }[],
): readonly string[] {
  return alignColumns(
    states.map(({ name, at, results, trouble, trustsUs }) => [
      name,
      at,
      results === null
        ? `does not answer: ${trouble}`
        : `${results.trusted} results${results.others > 0 ? `, and ${results.others} that are signed by nobody who is trusted` : ''}; ${trustsUs ? 'your key is trusted there' : 'no key of yours is trusted there'}`,
    ]),
  );
}

/** What was written into an archive. */
export const archiveLines = (of: {
  readonly file: string;
  readonly run: string;
  readonly results: number;
  readonly bytes: number;
  readonly signer: string | null;
}): readonly string[] => [
  `run ${of.run}: ${of.results} results in ${of.file} (${size(of.bytes)})`,
  of.signer === null
    ? 'nobody signed it: it can be taken in with --unsigned only; `bloodline remote keygen` makes a key'
    : `signed by ${of.signer}`,
];

/** What was taken in from an archive. */
export const unarchiveLines = (of: {
  readonly run: string;
  readonly results: number;
  readonly bytes: number;
}): readonly string[] => [`run ${of.run}: ${of.results} results taken in (${size(of.bytes)})`];
