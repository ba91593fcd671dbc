import { sha256OfJson } from '../digest.ts';

/**
 * The seed of a stage, 0..2^32-1: from the pipeline's seed and the stage's name. Not from its coordinates, so that a
 * new axis of a matrix does not re-run what there is, and all models of one comparison start alike.
 */
export function stageSeed(pipelineSeed: number, stageName: string): number {
  return Number.parseInt(sha256OfJson<'seed'>({ seed: pipelineSeed, stage: stageName }).slice(0, 8), 16);
}
