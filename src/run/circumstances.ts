import type { Json } from '../json.ts';

/** Facts that bytes may depend on without being in a key. */
const DECIDING = [
  ...['engine', 'tensorflow', 'addon', 'build'],
  ...['device', 'gpu', 'gpuMath', 'instructions', 'instructionsUpTo'],
] as const;

type Facts = Readonly<Record<string, Json>>;

export interface OtherFact {
  readonly fact: string;
  /** null: not said. */
  readonly was: Json;
  readonly is: Json;
}

/** In which of them two executions differ; where they differ in none, their bytes are to be the same. */
export const otherCircumstances = (was: Facts, is: Facts): readonly OtherFact[] =>
  DECIDING.filter((fact) => was[fact] !== is[fact]).map((fact) => ({
    fact,
    was: was[fact] ?? null,
    is: is[fact] ?? null,
  }));
