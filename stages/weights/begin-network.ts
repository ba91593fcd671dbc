import { type Stage, StageError } from 'bloodline-ml/stage';
import { anatomy } from '../learning/anatomy.ts';
import { newGraph } from '../learning/graph.ts';
import type { Model } from '../learning/model.ts';
import type { Network } from '../learning/network.ts';
import { openWeights } from './initial-weights.ts';
import { type Matched, matchWeights } from './match-weights.ts';

/**
 * The network that a model's file describes, and what it begins with where the stage has an input `weights`; `what` says
 * in words whose they are.
 * @throws StageError where the weights do not fit the network, or the network the classes.
 */
export async function beginNetwork(
  stage: Pick<Stage<Record<string, never>>, 'has' | 'input'>,
  model: Model,
  { size, classes }: { readonly size: number; readonly classes: readonly string[] },
): Promise<{ readonly network: Network; readonly given: (Matched & { readonly what: string }) | null }> {
  const stored = stage.has('weights') ? await openWeights(stage.input('weights')) : null;
  const imagenet = stored?.imagenet ?? false;
  const network = model.default({ size, classes: classes.length, graph: newGraph(), imagenet });
  const given = stored && { ...matchWeights(network, stored), what: stored.what };
  stored?.close();
  const units = anatomy(network).shapes.get(network.output)?.at(-1);
  if (units !== classes.length)
    throw new StageError(
      `${model.name} ends in ${units} units, the data has ${classes.length} classes: ${classes.join(', ')}.`,
      'Let the model’s file make as many logits as it is given classes.',
    );
  return { network, given };
}
