import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PixelsReader, PixelsWriter } from '../../stages/imaging/pixels.ts';
import { random } from '../../stages/imaging/random.ts';
import { type Graph, newGraph } from '../../stages/learning/graph.ts';
import type { Network } from '../../stages/learning/network.ts';

/** A network with every kind of layer and a few hundred weights; its parts are those of EfficientNet. */
export function microNetwork(size: number, classes: number, { dropout = 0.2 } = {}): Network {
  const g: Graph = newGraph();
  let x = g.input('input', { size });
  x = g.rescale(x, 'rescaling', { order: [2, 1, 0], scale: [1 / 64, 1 / 64, 1 / 64], offset: [-2, -2, -2] });
  x = g.normalization(x, 'normalization');
  x = g.pad(x, 'pad', { top: 0, bottom: 1, left: 0, right: 1 });
  x = g.convolution(x, 'stem', { filters: 6, kernel: 3, stride: 2, bias: false });
  x = g.batchNorm(x, 'stem_bn', { momentum: 0.8 });
  const skip = g.activation(x, 'stem_swish', 'swish');
  x = g.depthwise(skip, 'depthwise', { kernel: 3, padding: 'same' });
  let gate = g.globalAveragePool(x, 'squeeze', { keepDimensions: true });
  gate = g.convolution(gate, 'reduce', { filters: 2, kernel: 1, activation: 'swish' });
  gate = g.convolution(gate, 'expand', { filters: 6, kernel: 1, activation: 'sigmoid' });
  x = g.multiply([x, gate], 'excite');
  x = g.dropout(x, 'drop', { rate: dropout, perSample: true });
  x = g.add([x, skip], 'add');
  x = g.convolution(x, 'conv', { filters: 8, kernel: 3, padding: 'same', activation: 'relu' });
  const features = g.maxPool(x, 'pool');
  x = g.globalAveragePool(features, 'avg_pool');
  x = g.dropout(x, 'head_dropout', { rate: dropout });
  return g.network({ features, output: g.dense(x, 'logits', { units: classes }) });
}

/** Noisy squares whose colour tells the class, with a split, in `folder/pixels` and `folder/split`. */
export async function microData(
  folder: string,
  { count, size, classes }: { count: number; size: number; classes: number },
): Promise<{ pixels: string; split: string }> {
  const draw = random(7, 'micro data');
  const [pixels, split] = [join(folder, 'pixels'), join(folder, 'split')];
  const ids = Array.from({ length: count }, (_, i) => `cell-${i}`);
  const writer = await PixelsWriter.create(pixels, size, ids);
  const assignment = ids.map((id, row) => {
    const label = row % classes;
    const square = new Uint8Array(size * size * 3);
    for (let i = 0; i < square.length; i++)
      square[i] = 60 + draw.integer(80) + (i % 3 === label % 3 ? 90 : 0);
    writer.write(row, square);
    const part = row < count * 0.7 ? 'train' : row < count * 0.85 ? 'validation' : 'test';
    return JSON.stringify({ row, id, label, group: id, part, augmented: false });
  });
  writer.close();
  mkdirSync(split);
  writeFileSync(join(split, 'assignment.jsonl'), `${assignment.join('\n')}\n`);
  const names = Array.from({ length: classes }, (_, i) => `class-${i}`);
  writeFileSync(join(split, 'split.json'), JSON.stringify({ classes: names }));
  return { pixels, split };
}

export const readPixels = (folder: string): PixelsReader => new PixelsReader(folder);
