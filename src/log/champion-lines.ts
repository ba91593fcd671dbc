import { figure } from './sentences.ts';
import { alignColumns } from './table.ts';

interface Shown {
  readonly model: string;
  readonly stage: string;
  readonly run: string;
  readonly since: string;
  readonly why: string;
  readonly metrics: Readonly<Record<string, number>>;
}

/** The champion in use and those before, newest first. */
export function championLines(all: readonly Shown[]): readonly string[] {
  const champion = all.at(-1);
  if (champion === undefined)
    return ['No model is in use. `bloodline champion promote MODEL` puts one to use.'];
  const before = [...all].reverse().slice(1);
  return [
    `${champion.stage} is in use since ${day(champion.since)}.`,
    ...alignColumns([
      ['model', champion.model],
      ['trained in run', champion.run],
      ['why', champion.why],
      ...Object.entries(champion.metrics).map(([name, value]) => [name, figure(value)]),
    ]).map((line) => `  ${line}`),
    ...(before.length === 0
      ? []
      : [
          'Before:',
          ...before.map((of) => `  ${day(of.since)}  ${of.stage}  ${of.model.slice(0, 12)}  ${of.why}`),
        ]),
  ];
}

export function promotionLines(
  name: string,
  {
    champion,
    gates,
  }: {
    readonly champion: Shown | null;
    readonly gates: readonly { readonly gate: string; readonly met: boolean; readonly text: string }[];
  },
): readonly string[] {
  return [
    ...gates.map(({ gate, met, text }) => `${met ? 'met' : 'NOT MET'}  ${gate}: ${text}`),
    champion === null
      ? `${name} was not put to use. To do so all the same: --against-gates 'WHY'`
      : `${champion.stage} (${champion.model.slice(0, 12)}) is in use from now on.`,
  ];
}

const day = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;
