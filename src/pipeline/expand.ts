import type { Location } from '../failure.ts';
import { type Draft, problem } from './draft.ts';
import { topologicalOrder } from './graph.ts';
import { coordinateText, joined, sharedAxes } from './matrix.ts';
import type { Input, StageInstance } from './pipeline.ts';
import type { WrittenInput } from './read-input.ts';
import { type DraftInstance, type DraftStage, readStage } from './read-stage.ts';
import { mentioned } from './substitute.ts';
import { didYouMean } from './suggest.ts';
import { placeOfKey } from './tree.ts';

type Stages = ReadonlyMap<string, DraftStage>;

/** All instances in topological order. Only to be used if the draft has no problems after it. */
export function expand(draft: Draft): readonly StageInstance[] {
  const stages: Stages = new Map(
    Object.entries(draft.stages).map(([name, text]) => [name, readStage(draft, name, text)]),
  );
  for (const stage of stages.values()) checkAxes(draft, stage, stages);
  const order = orderOf(draft, stages);
  return order.flatMap((stage) => stage.instances.map((instance) => join(draft, stage, instance, stages)));
}

/** Stages, each after those it needs; cycles are told, all that have no stage in common. */
function orderOf(draft: Draft, stages: Stages): readonly DraftStage[] {
  const rest = new Set(stages.values());
  for (let cycles = 0; ; cycles++) {
    const result = topologicalOrder([...rest], (stage) =>
      needed(stage, stages).filter((each) => rest.has(each)),
    );
    if ('order' in result) return result.order;
    tellCycle(draft, result.cycle, stages);
    if (cycles === MOST_CYCLES) return [];
    for (const stage of result.cycle) rest.delete(stage);
  }
}

const MOST_CYCLES = 20;

function needed({ instances }: DraftStage, stages: Stages): readonly DraftStage[] {
  const found = new Set<DraftStage>();
  for (const { inputs } of instances)
    for (const input of Object.values(inputs)) {
      const stage = input.kind === 'reference' ? stages.get(input.name) : undefined;
      if (stage !== undefined) found.add(stage);
    }
  return [...found];
}

function tellCycle(draft: Draft, cycle: readonly DraftStage[], stages: Stages): void {
  // From the stage written first, so that the message does not depend on where the search began.
  const written = [...stages.values()];
  const first = Math.min(...cycle.map((stage) => written.indexOf(stage)));
  const begin = cycle.indexOf(written[first]!);
  const turned = [...cycle.slice(begin), ...cycle.slice(0, begin)];
  const names = [...turned, turned[0]!].map(({ name }) => name);
  const need = (index: number) => ({
    message: `${names[index]} needs ${names[index + 1]}`,
    at: placeOfNeed(turned[index]!, names[index + 1]!),
  });
  const told = turned.slice(0, MOST_TOLD).map((_, index) => need(index));
  draft.problems.push({
    severity: 'error',
    message:
      turned.length === 1
        ? `${names[0]} needs itself`
        : `stages need each other in a cycle: ${shortened(names).join(' → ')}`,
    at: told[0]!.at,
    ...(told.length === 1 ? {} : { also: told.slice(1) }),
  });
}

/** Needs of a cycle that are shown with their lines. */
const MOST_TOLD = 8;

const shortened = (names: readonly string[]): readonly string[] =>
  names.length <= MOST_TOLD + 1
    ? names
    : [...names.slice(0, MOST_TOLD - 1), `… ${names.length - MOST_TOLD} more …`, names.at(-1)!];

function placeOfNeed({ instances }: DraftStage, name: string): Location {
  for (const { inputs } of instances)
    for (const input of Object.values(inputs))
      if (input.kind === 'reference' && input.name === name) return input.at;
  return instances[0]!.at;
}

/** An axis that reaches nothing in its stage makes equal instances: a slip, most likely a mistyped name. */
function checkAxes(draft: Draft, { name, text, axes, instances }: DraftStage, stages: Stages): void {
  if (axes.length === 0) return;
  const { matrix: _, ...rest } = text;
  const used = mentioned(rest as never);
  for (const input of Object.values(instances[0]?.inputs ?? {}))
    if (input.kind === 'reference') {
      const maker = stages.get(input.name);
      // A maker with problems of its own may have any axis.
      for (const axis of maker === undefined ? axes : maker.axes) used.add(axis);
    }
  for (const axis of axes) {
    // A mistyped one has been told, and is read under its right name.
    if (used.has(axis) || !Object.hasOwn(text.matrix ?? {}, axis)) continue;
    problem(
      draft,
      `the axis ${JSON.stringify(axis)} reaches nothing in ${JSON.stringify(name)}: its instances would all be the same`,
      placeOfKey(draft.document, ['stages', name, 'matrix', axis]),
      { help: `use it as "\${${axis}}", or take an input from a stage with that axis` },
    );
  }
}

function join(draft: Draft, stage: DraftStage, instance: DraftInstance, stages: Stages): StageInstance {
  const inputs: Record<string, Input> = {};
  for (const [name, written] of Object.entries(instance.inputs)) {
    const input =
      written.kind === 'reference' ? joinReference(draft, stage, instance, written, stages) : written;
    if (input !== null) inputs[name] = input;
  }
  return { ...instance, inputs };
}

function joinReference(
  draft: Draft,
  stage: DraftStage,
  instance: DraftInstance,
  { name, output, at }: Extract<WrittenInput, { kind: 'reference' }>,
  stages: Stages,
): Input | null {
  const maker = stages.get(name);
  // It has problems of its own.
  if (maker === undefined) return null;
  const { outputs } = maker.text;
  if (outputs !== undefined && !outputs.includes(output)) {
    problem(
      draft,
      `${JSON.stringify(name)} has no output ${JSON.stringify(output)}`,
      at,
      didYouMean(output, outputs, 'it makes'),
    );
    return null;
  }
  const shared = sharedAxes(maker.axes, stage.axes);
  const from = joined(maker.instances, instance.coordinates, shared);
  const open = maker.axes.filter((axis) => !shared.includes(axis));
  if (from.length === 0) {
    if (maker.instances.length === 0) return null;
    problem(
      draft,
      `${JSON.stringify(name)} has no instance with ${shared.map((axis) => `${axis}=${instance.coordinates[axis]}`).join(', ')}, which ${JSON.stringify(stage.name)} needs`,
      at,
      {
        help: `${name} has ${maker.instances
          .map(({ coordinates }) => coordinateText(coordinates, shared))
          .filter((each, index, all) => all.indexOf(each) === index)
          .join(', ')}`,
      },
    );
    return null;
  }
  if (open.length === 0) return { kind: 'artifact', stage: from[0]!.id, output, at };
  return {
    kind: 'fan-in',
    from: from.map(({ id, coordinates }) => ({
      coordinate: coordinateText(coordinates, open),
      stage: id,
      output,
    })),
    at,
  };
}
