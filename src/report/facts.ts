import { figure } from '../log/sentences.ts';
import type { StageRecord } from '../store/record.ts';

/** Facts of the machine, the same for all stages of a run: shown once, at the foot. */
export const MACHINE_FACTS = ['cpu', 'platform', 'node'] as const;

/** A record's facts as names and values for people, the machine's left out. */
export function circumstances(facts: StageRecord['facts']): [name: string, value: string][] {
  return Object.entries(facts).flatMap(([name, value]): [string, string][] => {
    if ((MACHINE_FACTS as readonly string[]).includes(name)) return [];
    if (name === 'peakMemory' && typeof value === 'number') return [['peak memory', memory(value)]];
    return [[name, typeof value === 'number' ? amount(value) : text(value)]];
  });
}

/** Of several records' circumstances those that more than one has, and none otherwise: shown once, not in each row. */
export function sharedCircumstances(
  records: readonly Pick<StageRecord, 'facts'>[],
): [name: string, value: string][] {
  const values = new Map<string, string[]>();
  for (const { facts } of records)
    for (const [name, value] of circumstances(facts)) values.set(name, [...(values.get(name) ?? []), value]);
  return [...values].flatMap(([name, all]): [string, string][] =>
    all.length > 1 && new Set(all).size === 1 ? [[name, all[0]!]] : [],
  );
}

export function results(metrics: StageRecord['metrics']): [name: string, value: string][] {
  return Object.entries(metrics).map(([name, value]) => [name, amount(value)]);
}

/** Whole numbers in groups of three, others with three figures. */
function amount(value: number): string {
  const digits = figure(value);
  const [whole, rest] = digits.split('.');
  return whole!.replace(/\B(?=(\d{3})+(?!\d))/g, ',') + (rest === undefined ? '' : `.${rest}`);
}

const memory = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;

function text(value: unknown): string {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return shown.length > 60 ? `${shown.slice(0, 59)}…` : shown;
}
