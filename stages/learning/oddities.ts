import { freezeLayers } from './freeze.ts';
import type { Network } from './network.ts';
import type { Recipe } from './recipe.ts';

/**
 * What can be computed but may not be meant, in sentences.
 *
 * @param given whether the backbone's weights are given, and not drawn.
 * @param training and validation: the labels of the parts.
 */
export function oddities(
  network: Network,
  given: boolean,
  recipe: Pick<Recipe, 'batch' | 'microbatch' | 'freeze' | 'headEpochs'>,
  classes: readonly string[],
  training: readonly number[],
  validation: readonly number[],
): string[] {
  const said: string[] = [];
  const lacking = (labels: readonly number[]): string =>
    classes.filter((_, label) => !labels.includes(label)).join(', ');
  const untaught = lacking(training);
  if (untaught !== '') said.push(`No training cell is of class ${untaught}: it will never be predicted.`);
  if (validation.length === 0)
    said.push('The validation part is empty: the result is the last epoch, and nothing stops early.');
  else if (lacking(validation) !== '')
    said.push(`No validation cell is of class ${lacking(validation)}: the best epoch is chosen without it.`);
  if (recipe.batch > training.length)
    said.push(
      `A batch of ${recipe.batch} is more than the ${training.length} training cells: each epoch is one step with all of them.`,
    );
  if (!given && (recipe.freeze !== 'none' || recipe.headEpochs > 0))
    said.push(
      'Layers are frozen that were never trained: no weights are given (input weights), so they stay as they were drawn.',
    );
  const frozen = freezeLayers(network, recipe.freeze).layers;
  const norm = network.layers.find(({ op, name }) => op === 'batch-norm' && !frozen.has(name));
  if (norm && recipe.microbatch !== null && recipe.microbatch < Math.min(recipe.batch, training.length))
    said.push(
      `microbatch: ${recipe.microbatch} is another function than batch: ${recipe.batch} here: batch norm (${norm.name} and others) sees the statistics of ${recipe.microbatch} images.`,
    );
  return said;
}
