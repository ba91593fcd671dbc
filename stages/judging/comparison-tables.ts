import { breakdown } from './breakdown.ts';
import type { Comparison, Trainings } from './comparison.ts';
import { csvField } from './csv-field.ts';
import { CLASS_MEASURES, MEASURES, type Measure, type Measured } from './measures.ts';

/** Everything on the page as tables for other programs, by file name. Shares are 0..1; an empty field is no number. */
export function comparisonTables(
  of: Comparison,
  trainings: readonly Trainings[],
  imageOf: ReadonlyMap<string, string>,
): Record<string, string> {
  const measured = ({ value, interval }: Measured): (number | null)[] => [
    value,
    interval?.[0] ?? null,
    interval?.[1] ?? null,
  ];
  const names = Object.keys(MEASURES) as Measure[];
  const parts = (which: (id: string, group: string) => string | undefined): Field[][] =>
    trainings.flatMap(({ name, runs }) =>
      runs.flatMap((run, i) =>
        breakdown(run, which).map(({ name: part, cells, right }): Field[] => [
          name,
          i + 1,
          part,
          cells,
          right,
        ]),
      ),
    );
  return {
    'measures.csv': table(
      ['model', 'kind', 'measure', 'value', 'low', 'high', 'between_trainings'],
      [
        ...of.models.flatMap((model) =>
          names.map((name): Field[] => [
            model.name,
            'model',
            name,
            ...measured(model.measures[name]),
            model.betweenTrainings?.[name] ?? null,
          ]),
        ),
        ...of.baselines.flatMap((baseline) =>
          names.map((name): Field[] => [
            baseline.name,
            'baseline',
            name,
            ...measured(baseline.measures[name]),
            null,
          ]),
        ),
      ],
    ),
    'classes.csv': table(
      ['model', 'class', 'cells', 'answered', 'measure', 'value', 'low', 'high'],
      of.models.flatMap((model) =>
        model.perClass.flatMap((scored) =>
          CLASS_MEASURES.map((name): Field[] => [
            model.name,
            scored.label,
            scored.support,
            scored.answered,
            name,
            ...measured(scored[name]),
          ]),
        ),
      ),
    ),
    'confusion.csv': table(
      ['model', 'true', 'answered', 'cells', 'share_of_true'],
      of.models.flatMap(({ name, confusion }) =>
        of.data.classes.flatMap((truth, i) =>
          of.data.classes.map((answer, j): Field[] => [
            name,
            truth,
            answer,
            confusion.counts[i]![j]!,
            confusion.rows[i]![j]!,
          ]),
        ),
      ),
    ),
    'pairs.csv': table(
      [
        'better',
        'worse',
        'difference',
        'low',
        'high',
        'p',
        'p_holm',
        'only_better',
        'only_worse',
        'mcnemar_p',
        'mcnemar_p_holm',
        'beyond_chance',
      ],
      [...of.pairs, ...of.floors].map((pair): Field[] => [
        pair.better,
        pair.worse,
        pair.difference,
        pair.interval?.[0] ?? null,
        pair.interval?.[1] ?? null,
        pair.p,
        pair.adjustedP,
        pair.onlyBetter,
        pair.onlyWorse,
        pair.mcnemarP,
        pair.adjustedMcnemarP,
        String(pair.beyondChance),
      ]),
    ),
    'groups.csv': table(
      ['model', 'training', 'group', 'cells', 'right'],
      parts((_, group) => group),
    ),
    ...(imageOf.size === 0
      ? {}
      : {
          'images.csv': table(
            ['model', 'training', 'image', 'cells', 'right'],
            parts((id) => imageOf.get(id)),
          ),
        }),
  };
}

type Field = string | number | null;

const table = (head: readonly string[], rows: readonly (readonly Field[])[]): string =>
  [head, ...rows].map((row) => `${row.map(csvField).join(',')}\n`).join('');
