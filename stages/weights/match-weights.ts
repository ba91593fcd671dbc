import { StageError } from 'bloodline-ml/stage';
import { anatomy } from '../learning/anatomy.ts';
import type { Network, WeightSpec } from '../learning/network.ts';
import { kindOf, type StoredLayer, type StoredTensor, type StoredWeights } from './stored-weights.ts';

export interface Matched {
  /** By the network's names, in C order. */
  readonly values: ReadonlyMap<string, Float32Array>;
  /** Layers of the file that belong to another head and were left out. */
  readonly leftOut: readonly string[];
}

/**
 * Finds the weights of a network's layers in a file: layers by name, tensors within a layer by name or else in order;
 * where the file has none of the network's names, layers in order (within their class, if the file tells it). Every
 * tensor is accounted for: dense layers of the file that the network does not have are another head and are left out;
 * anything else that is missing, over, of another shape, or not finite throws a StageError that names it.
 *
 * @param part the backbone up to `features`, whose head is drawn; or the whole network.
 */
export function matchWeights(
  network: Network,
  stored: StoredWeights,
  part: 'backbone' | 'whole' = 'backbone',
): Matched {
  const wanted = wantedLayers(network, part);
  const pairs = pairUp(wanted, stored.layers);
  const problems: string[] = [];
  const found: [WeightSpec, StoredTensor][] = [];
  for (const { name, specs } of wanted) {
    const layer = pairs.get(name);
    if (layer === undefined) problems.push(`${name} is missing`);
    else found.push(...matchLayer(name, specs, layer, problems));
  }
  const used = new Set(pairs.values());
  const over = stored.layers.filter((layer) => !used.has(layer));
  const leftOut = over.filter(isDense).map(nameOf);
  for (const layer of over) if (!isDense(layer)) problems.push(`${nameOf(layer)} is not in the network`);
  refuse(stored, problems);

  const values = new Map<string, Float32Array>();
  for (const [spec, tensor] of found) {
    const read = tensor.read();
    const at = read.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) problems.push(`${spec.name}[${at}] is ${read[at]}`);
    values.set(spec.name, read);
  }
  refuse(stored, problems);
  return { values, leftOut };
}

interface WantedLayer {
  readonly name: string;
  readonly kind: string | null;
  readonly specs: readonly WeightSpec[];
}

function wantedLayers(network: Network, part: 'backbone' | 'whole'): WantedLayer[] {
  const specs = anatomy(network).weights;
  const end = part === 'whole' ? -1 : network.layers.findIndex(({ name }) => name === network.features);
  return network.layers
    .slice(0, end === -1 ? undefined : end + 1)
    .map((layer) => ({
      name: layer.name,
      kind: kindOf(layer),
      specs: specs.filter(({ name }) => name.startsWith(`${layer.name}/`)),
    }))
    .filter(({ specs }) => specs.length > 0);
}

/** By the network's name. */
function pairUp(wanted: readonly WantedLayer[], stored: readonly StoredLayer[]): Map<string, StoredLayer> {
  const byName = new Map(
    stored.flatMap((layer) => (layer.name === null ? [] : [[layer.name, layer] as const])),
  );
  const pairs = new Map<string, StoredLayer>();
  if (wanted.some(({ name }) => byName.has(name))) {
    for (const { name } of wanted) {
      const layer = byName.get(name) ?? byName.get(numbered(name, byName));
      if (layer !== undefined) pairs.set(name, layer);
    }
    return pairs;
  }
  const rest = [...stored];
  for (const { name, kind } of wanted) {
    const at = rest.findIndex((layer) => layer.kind === null || layer.kind === kind);
    if (at >= 0) pairs.set(name, rest.splice(at, 1)[0]!);
  }
  return pairs;
}

/** Keras counts on within a process: the second network's `normalization` is `normalization_1`. */
function numbered(name: string, byName: ReadonlyMap<string, StoredLayer>): string {
  const counted = [...byName.keys()].filter((each) => each.replace(/_\d+$/, '') === name);
  return counted.length === 1 ? counted[0]! : name;
}

function matchLayer(
  name: string,
  specs: readonly WeightSpec[],
  { tensors }: StoredLayer,
  problems: string[],
): [WeightSpec, StoredTensor][] {
  if (tensors.length !== specs.length) {
    const list = (names: readonly string[]): string => names.join(', ');
    problems.push(
      `${name} has the tensors ${list(tensors.map((each) => each.name))} in the file, ${list(specs.map(tensorOf))} in the network`,
    );
    return [];
  }
  // Keras calls a depthwise kernel `kernel` too.
  const plain = (tensor: string): string => tensor.replace(/^depthwise_/, '');
  const named = new Map(tensors.map((tensor) => [plain(tensor.name), tensor]));
  const byName = specs.every((spec) => named.has(plain(tensorOf(spec))));
  return specs.flatMap((spec, index): [WeightSpec, StoredTensor][] => {
    const tensor = byName ? named.get(plain(tensorOf(spec)))! : tensors[index]!;
    if (tensor.shape.join() === spec.shape.join()) return [[spec, tensor]];
    problems.push(`${spec.name} is ${shapeText(tensor.shape)}, not ${shapeText(spec.shape)}`);
    return [];
  });
}

const tensorOf = ({ name }: WeightSpec): string => name.split('/').at(-1)!;
const nameOf = ({ name, kind, tensors }: StoredLayer): string =>
  name ?? `a layer ${kind ?? ''} of ${tensors.map(({ shape }) => shapeText(shape)).join(' and ')}`;
const isDense = ({ kind, tensors }: StoredLayer): boolean =>
  (kind === null || kind === 'dense') && tensors[0]?.shape.length === 2 && tensors.length <= 2;
const shapeText = (shape: readonly number[]): string => (shape.length === 0 ? 'a number' : shape.join('×'));

const MOST_TOLD = 5;

function refuse({ what }: StoredWeights, problems: readonly string[]): void {
  if (problems.length === 0) return;
  const more = problems.length > MOST_TOLD ? `; and ${problems.length - MOST_TOLD} more` : '';
  throw new StageError(
    `The weights given (${what}) do not fit: ${problems.slice(0, MOST_TOLD).join('; ')}${more}.`,
    'Give weights of the same architecture, or none.',
  );
}

/** How many numbers. */
export const countOf = ({ values }: Matched): number =>
  [...values.values()].reduce((sum, each) => sum + each.length, 0);
