/** The wasm engine's passes over a network, without tfjs's tape. */
import type { Tensor } from '@tensorflow/tfjs';
import { anatomy } from '../learning/anatomy.ts';
import type { Pass, Passed } from '../learning/gradients.ts';
import type { Network } from '../learning/network.ts';
import type { Engine, Tfjs } from './engine.ts';
import { passes, runForward, runPass } from './layer-pass.ts';
import type { Heap } from './wasm/heap.ts';
import { wasmValues } from './wasm/values.ts';
import { wasmLayers } from './wasm-layers.ts';

/** Each is null for a network that the pass does not know how to go through. */
export interface WasmPasses {
  gradients(pass: Pass): Passed | null;
  readonly logits: NonNullable<Engine['logits']>;
}

export function wasmPasses(tf: Tfjs, heap: Heap): WasmPasses {
  const values = wasmValues(tf, heap);
  const layers = wasmLayers(values);
  return {
    gradients(pass) {
      const { network, training } = pass;
      if (!passes(network, training.frozen) || !scalesImages(network)) return null;
      const gradients = new Map<string, Tensor>();
      return runPass(pass, values, layers(pass, gradients), gradients);
    },
    logits(engine, network, weights, images) {
      if (!passes(network, undefined) || !scalesImages(network)) return null;
      const given = { engine, network, weights, images };
      return runForward(given, values, layers({ weights, training: null }, new Map()));
    },
  };
}

const known = new WeakMap<Network, boolean>();

/** Whether all that is multiplied is an image by one value a channel, as in squeeze-and-excite. */
function scalesImages(network: Network): boolean {
  const before = known.get(network);
  if (before !== undefined) return before;
  const { shapes } = anatomy(network);
  const does = network.layers.every(({ op, from }) => {
    if (op !== 'multiply') return true;
    const [x, s] = from.map((name) => shapes.get(name)!);
    return x!.length === 3 && s!.length === 3 && s![0] === 1 && s![1] === 1 && s![2] === x![2];
  });
  known.set(network, does);
  return does;
}
