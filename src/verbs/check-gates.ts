import type { Gate, Pipeline } from '../pipeline/pipeline.ts';
import type { StageRecord } from '../store/record.ts';
import type { Champion } from './champion-file.ts';

export interface GateResult {
  readonly gate: string;
  readonly met: boolean;
  /** With the numbers. */
  readonly text: string;
}

/** What the gates of a pipeline say of the records of its stages, by instance. */
export function checkGates(
  { gates, stages }: Pipeline,
  records: ReadonlyMap<string, StageRecord>,
  champion: Champion | null,
): readonly GateResult[] {
  return gates.map((gate) => {
    const instances = stages.filter(({ id, name }) => id === gate.stage || name === gate.stage);
    const values = instances.flatMap(({ id }) => {
      const value = records.get(id)?.metrics[gate.metric];
      return value === undefined ? [] : [{ id, value }];
    });
    if (values.length === 0)
      return {
        gate: gate.name,
        met: false,
        text: `${gate.stage} has no metric ${JSON.stringify(gate.metric)}`,
      };
    // Of a matrix the best counts: the highest, or where only a max is asked for the lowest.
    const lowIsGood = gate.max !== null && gate.min === null && gate.maxDrop === null;
    const best = values.reduce((a, b) => ((lowIsGood ? b.value < a.value : b.value > a.value) ? b : a));
    const limits = limitsOf(gate, best.value, champion);
    return {
      gate: gate.name,
      met: limits.every(({ met }) => met),
      text: `${gate.metric} of ${best.id} is ${figure(best.value)}, ${limits.map(({ text }) => text).join(' and ')}`,
    };
  });
}

function limitsOf({ metric, min, max, maxDrop }: Gate, value: number, champion: Champion | null) {
  const limits: { met: boolean; text: string }[] = [];
  if (min !== null) limits.push({ met: value >= min, text: `at least ${figure(min)} is asked for` });
  if (max !== null) limits.push({ met: value <= max, text: `at most ${figure(max)} is asked for` });
  if (maxDrop !== null) {
    const its = champion?.metrics[metric];
    limits.push(
      its === undefined
        ? { met: true, text: champion === null ? 'there is no champion' : 'the champion has no such metric' }
        : {
            met: value >= its - maxDrop,
            text: `the champion has ${figure(its)}, and ${figure(maxDrop)} less is allowed`,
          },
    );
  }
  return limits;
}

const figure = (value: number): string => String(Math.round(value * 1e6) / 1e6);
