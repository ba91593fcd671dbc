import type { Evaluation } from './evaluation.ts';
import { orZero } from './evaluation.ts';
import { MEASURES } from './measures.ts';
import { percent } from './numbers.ts';
import type { MainMetric, Pair, Standing } from './ranking.ts';

const share = (value: number): string => `${percent(value)} %`;

/**
 * What can be said of the order, in sentences. The best model is only called the best where it beats each other one
 * beyond chance.
 */
export function verdict(
  standings: readonly Standing[],
  pairs: readonly Pair[],
  metric: MainMetric,
  groups: number,
): string {
  const best = standings[0]!;
  const reached = `${MEASURES[metric].name} of ${share(best.value)}`;
  if (standings.length === 1) return `${best.name} reaches a ${reached}.`;
  const ofBest = pairs.filter(({ better, worse }) => better === best.name || worse === best.name);
  const other = ({ better, worse }: Pair): string => (better === best.name ? worse : better);
  const unsure = ofBest.filter(({ beyondChance }) => !beyondChance).map(other);
  const ahead = ofBest.filter(({ beyondChance }) => beyondChance).map(other);
  const where = `on ${groups === 1 ? 'this one group' : `these ${groups} groups`}`;
  if (unsure.length === 0)
    return `${best.name} is the best, with a ${reached}: ahead of ${listed(ahead)} beyond chance.`;
  const rest = ahead.length === 0 ? '' : ` ${best.name} is ahead of ${listed(ahead)}.`;
  return `${best.name} leads with a ${reached}, but ${listed([best.name, ...unsure])} cannot be told apart ${where}.${rest}`;
}

/** Whether the networks were worth their trouble. Null without a baseline that learns. */
export function floorVerdict(floors: readonly Pair[], models: readonly string[]): string | null {
  if (floors.length === 0) return null;
  const baseline = (pair: Pair): string => (models.includes(pair.better) ? pair.worse : pair.better);
  const name = baseline(floors[0]!);
  const beaten = floors.filter(({ better, beyondChance }) => beyondChance && models.includes(better));
  const failing = models.filter((model) => !beaten.some(({ better }) => better === model));
  if (failing.length === 0)
    return `${models.length === 1 ? 'It' : 'Every network'} beats the strongest baseline, ${name}, beyond chance.`;
  if (failing.length === models.length)
    return `${models.length === 1 ? 'The network does not beat' : 'No network beats'} the strongest baseline, ${name}, beyond chance.`;
  return `${listed(failing)} ${failing.length === 1 ? 'does' : 'do'} not beat the strongest baseline, ${name}, beyond chance.`;
}

export const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** What a reader must know before believing the numbers; sentences. */
export function cautions(evaluation: Evaluation): string[] {
  const { data, perClass, groups, n, fewGroups } = evaluation;
  const found: string[] = [];
  const supports = perClass.map(({ support }) => support);
  const largest = Math.max(...supports);
  const absent = perClass.filter(({ support }) => support === 0).map(({ label }) => label);
  const few = perClass.filter(({ support }) => support > 0 && support < 20);
  const main = perClass.find(({ support }) => support === largest)!;
  if (largest > n / 2)
    found.push(
      `The test part is imbalanced: answering ${main.label} each time is right in ${share(largest / n)} of the cells. Read balanced accuracy and macro F1 beside accuracy.`,
    );
  else if (largest > 3 * Math.min(...supports.filter((support) => support > 0)))
    found.push(
      `The classes of the test part differ in size by more than three times. Read balanced accuracy and macro F1 beside accuracy.`,
    );
  if (absent.length > 0)
    found.push(`The test part has no cell of ${listed(absent)}: nothing is known of them.`);
  if (few.length > 0)
    found.push(
      `Few test cells: ${few.map(({ label, support }) => `${label} ${support}`).join(', ')}. Their numbers are rough.`,
    );
  if (fewGroups)
    found.push(
      groups === n
        ? `There are only ${n} test cells: intervals and tests are surer of themselves than they should be.`
        : `The ${n} test cells come from only ${groups} ${groups === 1 ? 'group' : 'groups'}: intervals and tests are surer of themselves than they should be.`,
    );
  const training = Object.entries(data.training ?? {});
  const most = Math.max(...training.map(([, count]) => count));
  const short = training.filter(([, count]) => count < most * 0.95);
  if (short.length > 0)
    found.push(
      `The training part is not balanced: ${short.map(([label, count]) => `${label} ${count}`).join(', ')} of ${most}.`,
    );
  if (orZero(evaluation.measures.accuracy) === 0) found.push('Not one test cell was named rightly.');
  return found;
}
