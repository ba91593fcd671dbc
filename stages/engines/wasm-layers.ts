/** What the wasm engine computes of each kind of layer, in our kernels on the backend's heap. */
import type { Tensor1D } from '@tensorflow/tfjs';
import { dropoutMask } from '../learning/forward.ts';
import type { Activation, Layer } from '../learning/network.ts';
import type { Computed, Layers, Node } from './layer-pass.ts';
import { convolve, convolveBack, convolveFilter, sumParts, type Window } from './wasm/convolutions.ts';
import { rowsOf } from './wasm/cuts.ts';
import { depthwise, depthwiseBack, depthwiseFilter } from './wasm/depthwise.ts';
import { elementwise, rowCount, sizeOf, type Value, type Values } from './wasm/values.ts';

type Done = Computed<Value>;

/** Numbers of the activations in normalization.as. */
const ACTIVATIONS: Readonly<Record<Exclude<Activation, 'sigmoid'>, number>> = {
  linear: 0,
  relu: 1,
  swish: 2,
};

/** How each layer is computed. */
export function wasmLayers(values: Values): Layers<Value> {
  const { heap, at, output, hold, release } = values;
  const { threads } = heap;
  const like = (x: Value): Value => output(x.shape);

  const activate = (activation: Exclude<Activation, 'linear'>, x: Value): Value => {
    const y = like(x);
    elementwise(heap, activation, sizeOf(x.shape), at(x), at(y));
    return y;
  };
  /** @param seen what came in with swish, what came out with the others. */
  const activateBack = (activation: Exclude<Activation, 'linear'>, dy: Value, seen: Value): Value => {
    const dx = like(dy);
    elementwise(heap, `${activation}Gradient`, sizeOf(dy.shape), at(dy), at(seen), at(dx));
    return dx;
  };
  /** scale · Σ over the rows of each of `outer`. */
  const sumRows = (x: Value, outer: number, shape: readonly number[], scale = 1): Value => {
    const sum = output(shape);
    const c = x.shape.at(-1)!;
    const m = rowCount(x.shape) / outer;
    const rows = rowsOf(c);
    const count = Math.ceil(m / rows);
    heap.within(outer * count * c, (parts) => {
      const run = outer * m * c > 65536 ? threads.run : threads.runHere;
      run('columnSums', outer * count, at(x), parts, m, c, rows);
      sumParts(heap, parts, at(sum), { outer, count, size: c, scale });
    });
    return sum;
  };

  return ({ weight, trains, give }, training) => {
    const linear = (
      layer: Layer & ({ op: 'convolution' } | { op: 'dense' }),
      x: Value,
      wantsX: boolean,
    ): Done => {
      const { activation } = layer;
      const kernel = weight(layer, 'kernel');
      const filters = kernel.shape.at(-1)!;
      const window =
        layer.op === 'dense'
          ? { ...POINT, n: x.shape[0]!, ci: x.shape[1]!, co: filters }
          : windowOf(layer, x.shape, filters);
      const bias = layer.op === 'dense' || layer.bias ? weight(layer, 'bias') : null;
      const z = output(
        layer.op === 'dense' ? [window.n, filters] : [window.n, window.oh, window.ow, filters],
      );
      const extra = { bias: bias ? at(bias) : 0, relu: activation === 'relu' };
      convolve(heap, [at(x), at(kernel), at(z)], window, extra);
      const apart = activation === 'swish' || activation === 'sigmoid';
      const value = apart ? activate(activation, z) : z;
      const seen = activation === 'linear' ? null : hold(activation === 'swish' ? z : value);
      if (apart) release(z);
      const backward = (dy: Value): (Value | null)[] => {
        const dz = activation === 'linear' || seen === null ? hold(dy) : activateBack(activation, dy, seen);
        if (bias && trains(layer, 'bias')) give(layer, 'bias', sumRows(dz, 1, [filters]));
        if (trains(layer, 'kernel')) {
          const dKernel = like(kernel);
          convolveFilter(heap, [at(x), at(dz), at(dKernel)], window);
          give(layer, 'kernel', dKernel);
        }
        const dx = wantsX ? like(x) : null;
        if (dx) convolveBack(heap, [at(dz), at(kernel), at(dx)], window);
        release(dz);
        return [dx];
      };
      return { value, kept: seen ? [hold(x), seen] : [hold(x)], backward };
    };

    const normalize = (layer: Layer & { op: 'batch-norm' }, activation: Activation, x: Value): Done => {
      if (activation === 'sigmoid') throw new Error('Internal error: batch norm does no sigmoid');
      const code = ACTIVATIONS[activation];
      const c = x.shape.at(-1)!;
      const m = rowCount(x.shape);
      const rows = rowsOf(c);
      const items = Math.ceil(m / rows);
      const [gamma, beta] = [weight(layer, 'gamma'), weight(layer, 'beta')];
      const value = like(x);
      if (!training) {
        const mean = weight(layer, 'moving_mean');
        const inverse = output([c]);
        threads.runHere(
          'inverseRoot',
          1,
          at(weight(layer, 'moving_variance')),
          at(inverse),
          c,
          layer.epsilon,
        );
        threads.run('normalize', items, ...[x, mean, inverse, gamma, beta, value].map(at), m, c, rows, code);
        release(inverse);
        return { value, kept: [], backward: () => [] };
      }
      const [mean, variance, inverse] = [output([c]), output([c]), output([c])];
      heap.within(2 * items * c, (parts) => {
        threads.run('statistics', items, at(x), parts, m, c, rows);
        const places = [mean, variance, inverse].map(at);
        threads.runHere('combineStatistics', 1, parts, ...places, m, c, rows, layer.epsilon);
      });
      threads.run('normalize', items, ...[x, mean, inverse, gamma, beta, value].map(at), m, c, rows, code);
      training.statistics(
        layer.name,
        layer.momentum,
        values.toTensor(hold(mean)) as Tensor1D,
        values.toTensor(variance) as Tensor1D,
      );
      const backward = (dy: Value): Value[] => {
        const dx = like(x);
        // Those of beta, then those of gamma.
        const sums = output([2 * c]);
        heap.within(2 * items * c, (parts) => {
          const places = [x, dy, mean, inverse, gamma, beta, dx].map(at);
          threads.run('normalizeSums', items, ...places, parts, m, c, rows, code);
          sumParts(heap, parts, at(sums), { outer: 1, count: items, size: 2 * c });
        });
        const places = [x, code === 0 ? dy : dx, mean, inverse, gamma, sums, dx].map(at);
        threads.run('normalizeGradient', items, ...places, m, c, rows);
        for (const [index, tensor] of (['beta', 'gamma'] as const).entries()) {
          if (!trains(layer, tensor)) continue;
          const gradient = output([c]);
          threads.runHere('addUp', Math.ceil(c / 4096), at(sums) + index * c * 4, at(gradient), 1, c, 1);
          give(layer, tensor, gradient);
        }
        release(sums);
        return [dx];
      };
      return { value, kept: [hold(x), mean, inverse], backward };
    };

    const compute = (
      { layer, activation }: Node,
      inputs: readonly Value[],
      wants: readonly boolean[],
    ): Done => {
      const x = inputs[0]!;
      const wantsX = wants[0]!;
      switch (layer.op) {
        case 'convolution':
        case 'dense':
          return linear(layer, x, wantsX);
        case 'depthwise': {
          const kernel = weight(layer, 'depthwise_kernel');
          const window = windowOf(layer, x.shape, x.shape[3]!);
          const value = output([window.n, window.oh, window.ow, window.co]);
          depthwise(heap, [at(x), at(kernel), at(value)], window);
          const backward = (dy: Value): (Value | null)[] => {
            if (trains(layer, 'depthwise_kernel')) {
              const dKernel = like(kernel);
              depthwiseFilter(heap, [at(x), at(dy), at(dKernel)], window);
              give(layer, 'depthwise_kernel', dKernel);
            }
            if (!wantsX) return [null];
            const dx = like(x);
            depthwiseBack(heap, [at(dy), at(kernel), at(dx)], window);
            return [dx];
          };
          return { value, kept: [hold(x)], backward };
        }
        case 'batch-norm':
          return normalize(layer, activation, x);
        case 'activation': {
          const { activation: own } = layer;
          if (own === 'linear') return { value: hold(x), kept: [], backward: (dy) => [hold(dy)] };
          const value = activate(own, x);
          const seen = hold(own === 'swish' ? x : value);
          return { value, kept: [seen], backward: (dy) => [activateBack(own, dy, seen)] };
        }
        case 'pad': {
          const [n, ih, iw, c] = x.shape as [number, number, number, number];
          const { top, bottom, left, right } = layer;
          const [oh, ow] = [ih + top + bottom, iw + left + right];
          const move = (from: Value, to: Value, [fromH, fromW, toH, toW, down, aside]: number[]): void => {
            const rows = Math.min(toH!, rowsOf(toW! * c));
            const shape = [fromH!, fromW!, c, toH!, toW!, down!, aside!, rows];
            threads.run('pad', n * Math.ceil(toH! / rows), at(from), at(to), ...shape);
          };
          const value = output([n, oh, ow, c]);
          move(x, value, [ih, iw, oh, ow, top, left]);
          const backward = (dy: Value): (Value | null)[] => {
            if (!wantsX) return [null];
            const dx = output([n, ih, iw, c]);
            move(dy, dx, [oh, ow, ih, iw, -top, -left]);
            return [dx];
          };
          return { value, kept: [], backward };
        }
        case 'max-pool': {
          const { size, stride } = layer;
          const { n, ih, iw, ci, oh, ow } = windowOf(
            { kernel: size, stride, padding: 'valid' },
            x.shape,
            x.shape[3]!,
          );
          const value = output([n, oh, ow, ci]);
          threads.run('maxPool', n, at(x), at(value), ih, iw, ci, oh, ow, size, stride);
          const backward = (dy: Value): (Value | null)[] => {
            if (!wantsX) return [null];
            const dx = like(x);
            const shape = [ih, iw, ci, oh, ow, size, size, stride, stride, 0, 0];
            threads.run('maxPoolGradient', n, at(x), at(dy), at(dx), ...shape);
            return [dx];
          };
          return { value, kept: [hold(x)], backward };
        }
        case 'global-average-pool': {
          const [n, h, w, c] = x.shape as [number, number, number, number];
          const value = sumRows(x, n, layer.keepDimensions ? [n, 1, 1, c] : [n, c], 1 / (h * w));
          const backward = (dy: Value): (Value | null)[] => {
            if (!wantsX) return [null];
            // Spread out where it is added to another gradient, or by whoever reads it.
            const dx = output([n, 1, 1, c]);
            threads.runHere('addUp', Math.ceil((n * c) / 4096), at(dy), at(dx), 1, n * c, 1 / (h * w));
            return [dx];
          };
          return { value, kept: [], backward };
        }
        case 'dropout': {
          if (!training) return { value: hold(x), kept: [], backward: (dy) => [hold(dy)] };
          const { shape } = x;
          const [n, c] = [shape[0]!, shape.at(-1)!];
          const { values: drawn } = dropoutMask(training.seed, layer, shape);
          const mask = layer.perSample
            ? values.floats(
                [n, c],
                Float32Array.from({ length: n * c }, (_, i) => drawn[Math.floor(i / c)]!),
              )
            : values.floats(shape, drawn);
          const masked = (given: Value): Value => {
            if (layer.perSample) return scale(given, mask);
            const y = like(given);
            elementwise(heap, 'multiply', sizeOf(shape), at(given), at(mask), at(y));
            return y;
          };
          return { value: masked(x), kept: [mask], backward: (dy) => [masked(dy)] };
        }
        case 'add': {
          const value = values.add(x, inputs[1]!);
          return { value, kept: [], backward: (dy) => [hold(dy), hold(dy)] };
        }
        case 'multiply': {
          const s = inputs[1]!;
          const backward = (dy: Value): (Value | null)[] => {
            const c = x.shape[3]!;
            const [dx, ds] = [like(x), like(s)];
            const m = rowCount(x.shape) / s.shape[0]!;
            const rows = rowsOf(c);
            const count = Math.ceil(m / rows);
            heap.within(s.shape[0]! * count * c, (parts) => {
              const places = [dy, x, s, dx].map(at);
              threads.run('scaleGradient', s.shape[0]! * count, ...places, parts, m, c, rows);
              sumParts(heap, parts, at(ds), { outer: s.shape[0]!, count, size: c });
            });
            return [dx, ds].map((gradient, index) => {
              if (wants[index]) return gradient;
              release(gradient);
              return null;
            });
          };
          return { value: scale(x, s), kept: [hold(x), hold(s)], backward };
        }
        default:
          throw new Error(`Internal error: ${layer.op} is computed before the others`);
      }
    };

    return compute;
  };

  /** x · s, where s has one row of channels for each image. */
  function scale(x: Value, s: Value): Value {
    const y = like(x);
    const c = x.shape.at(-1)!;
    const m = rowCount(x.shape);
    const rows = rowsOf(c);
    threads.run('scaleRows', Math.ceil(m / rows), ...[x, s, y].map(at), m, c, m / rowCount(s.shape), rows);
    return y;
  }
}

/** A window of one pixel on an image of one. */
const POINT = { ih: 1, iw: 1, oh: 1, ow: 1, kh: 1, kw: 1, stride: 1, top: 0, left: 0 } as const;

/** As TensorFlow lays it: of `same` padding the smaller half comes first. */
function windowOf(
  { kernel, stride, padding }: { kernel: number; stride: number; padding: 'same' | 'valid' },
  shape: readonly number[],
  co: number,
): Window {
  const [n, ih, iw, ci] = shape as [number, number, number, number];
  const along = (size: number): [number, number] => {
    if (padding === 'valid') return [Math.floor((size - kernel) / stride) + 1, 0];
    const out = Math.ceil(size / stride);
    return [out, Math.max(0, (out - 1) * stride + kernel - size) >> 1];
  };
  const [[oh, top], [ow, left]] = [along(ih), along(iw)];
  return { n, ih, iw, ci, oh, ow, co, kh: kernel, kw: kernel, stride, top, left };
}
