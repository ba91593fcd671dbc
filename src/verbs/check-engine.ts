import { chooseEngine } from '../engine/choose.ts';
import { engineEnvironment } from '../engine/environment.ts';
import { detectGpus } from '../engine/gpus.ts';
import { kindStatus } from '../engine/status.ts';
import type { Finding } from './doctor.ts';
import { toolPath } from './tool.ts';

interface Checked {
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly warnings: readonly string[];
  readonly right: boolean;
  readonly worst: { readonly weight: string; readonly difference: number };
}

/** Whether the engine that `auto` takes on this machine computes the gradients of a small network right. */
export async function checkEngine(): Promise<Finding> {
  const { execa } = await import('execa');
  const gpuIds = (await detectGpus()).map(({ id }) => id);
  const choice = chooseEngine({ gpuIds });
  const started = performance.now();
  const { stdout, stderr, exitCode } = await execa(process.execPath, [toolPath('check-engine')], {
    env: { CUDA_VISIBLE_DEVICES: gpuIds.join(','), ...engineEnvironment({ gpuIds, choice }) },
    reject: false,
    timeout: 60_000,
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (exitCode !== 0 && exitCode !== 1) {
    const said = stderr.trim().split('\n').at(-1) || `ended with ${exitCode ?? 'a signal'}`;
    return {
      what: 'engine',
      state: 'broken',
      text: `${choice.name} does not compute: ${said} (\`bloodline engine status\`; BLOODLINE_ENGINE=wasm does without)`,
    };
  }
  const { facts, warnings, right, worst } = JSON.parse(stdout) as Checked;
  const native = facts['engine'] === 'native';
  const name = native
    ? `native, TensorFlow ${facts['tensorflow']} (${facts['build']}) on the ${String(facts['device']).toUpperCase()}`
    : String(facts['engine']);
  const error = worst.difference === 0 ? '' : ` to ${worst.difference.toExponential(0)}`;
  if (!right)
    return {
      what: 'engine',
      state: 'broken',
      text: `${name}: gradients are wrong (${worst.weight} by ${worst.difference.toExponential(0)}): \`bloodline engine status --verify\`; BLOODLINE_ENGINE=wasm does without`,
    };
  const text = `${name}: gradients are right${error}, ${seconds} s`;
  // A line for what computes otherwise than it could: the engine's own warnings, what is not installed or not up to date.
  const advice = warnings[0] ?? choice.note ?? (await kindStatus(choice.kind ?? 'cpu')).note;
  return advice
    ? { what: 'engine', state: 'advice', text: `${text}; ${advice}` }
    : { what: 'engine', state: 'ok', text };
}
