import type { Variable } from '@tensorflow/tfjs';
import type { Tfjs } from './engine.ts';
import { attributesOf, type Backend } from './native-backend.ts';
import type { Operations } from './operations.ts';

/** Adam and moving averages, one call and one pass over memory each, by the kernels compiled with the addon. */
export function inPlaceUpdates(tf: Tfjs, backend: Backend): Required<Pick<Operations, 'adam' | 'follow'>> {
  const { binding } = backend;
  let options: { readonly of: string; readonly id: number } | null = null;
  /** The addon's number of the options, made once a step for all weights. */
  const optionsOf = (values: readonly number[]): number => {
    const of = values.join();
    if (options?.of !== of) {
      if (options) binding.deleteTensor(options.id);
      options = {
        of,
        id: binding.createTensor([values.length], binding.TF_FLOAT, Float32Array.from(values)),
      };
    }
    return options.id;
  };
  /** The addon's number of a variable that nobody else sees: one shared with a clone is copied first. */
  const own = (variable: Variable): number => {
    if (backend.tensorMap.get(variable.dataId).refCount > 1)
      tf.tidy(() => variable.assign(tf.add(variable, 0)));
    return backend.getInputTensorIds([variable])[0]!;
  };
  const { number } = attributesOf(binding);
  return {
    adam(weight, m, v, gradient, { rate, beta1, beta2, epsilon }) {
      const variables = [weight, m, v].map(own);
      const [by] = backend.getInputTensorIds([gradient]) as [number];
      const inputs = [...variables, by, optionsOf([rate, 1 - beta1, 1 - beta2, epsilon])];
      binding.executeOp('BloodlineAdam', [], inputs, 0);
    },
    follow(moving, batch, momentum) {
      const [by] = backend.getInputTensorIds([batch]) as [number];
      binding.executeOp('BloodlineFollow', [number('momentum', momentum)], [own(moving), by], 0);
    },
  };
}
