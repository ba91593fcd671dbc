import type { Json, JsonObject } from '../json.ts';
import type { StageId } from './pipeline.ts';

/** Every combination of the axes' values, the last axis fastest; one without coordinates where there are no axes. */
export function combinations(axes: Readonly<Record<string, readonly Json[]>>): readonly JsonObject[] {
  let all: JsonObject[] = [{}];
  for (const [axis, values] of Object.entries(axes))
    all = all.flatMap((coordinates) => values.map((value) => ({ ...coordinates, [axis]: value })));
  return all;
}

/** `train@vgg16`, or `train@model=vgg16,seed=2`. */
export function stageId(name: string, coordinates: JsonObject): StageId {
  const axes = Object.keys(coordinates);
  return (axes.length === 0 ? name : `${name}@${coordinateText(coordinates, axes)}`) as StageId;
}

/** One axis: its value; several: `model=vgg16,seed=2`. */
export function coordinateText(coordinates: JsonObject, axes: readonly string[]): string {
  if (axes.length === 1) return String(coordinates[axes[0]!]);
  return axes.map((axis) => `${axis}=${coordinates[axis]}`).join(',');
}

/** Axes that both have. */
export const sharedAxes = (one: readonly string[], other: readonly string[]): readonly string[] =>
  one.filter((axis) => other.includes(axis));

/** Those whose coordinates agree with `at` on all of `axes`. */
export function joined<T extends { readonly coordinates: JsonObject }>(
  instances: readonly T[],
  at: JsonObject,
  axes: readonly string[],
): readonly T[] {
  if (axes.length === 0) return instances;
  return instances.filter(({ coordinates }) =>
    axes.every((axis) => String(coordinates[axis]) === String(at[axis])),
  );
}
