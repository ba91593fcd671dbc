/**
 * The process a TypeScript stage runs in: `node host.js SPEC`, or `node host.js --describe BUNDLE…`.
 * Events go to file descriptor 3, one JSON object a line; stdout and stderr are only logs.
 */
import { fstatSync, mkdirSync, readFileSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { StageEvent } from '../events.ts';
import type { Stage } from './contract.ts';
import { describeModule } from './describe-module.ts';
import type { HostSpec } from './spec.ts';

const EVENTS = hasDescriptor(3) ? 3 : 2;
/** Progress is shown at most this often; the first and the last report of a label always are. */
const PROGRESS_MS = 100;

function hasDescriptor(fd: number): boolean {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}

/** Writes all of it, waiting where the pipe is full: an event must not be lost, nor cut in two. */
function writeLine(value: unknown): void {
  const line = Buffer.from(`${JSON.stringify(value)}\n`);
  for (let offset = 0; offset < line.length; ) {
    try {
      offset += writeSync(EVENTS, line, offset);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Nobody reads any more: the runner was killed. A second one may be about to work in the same places.
      if (code === 'EPIPE') process.exit(1);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

const emit = (event: StageEvent): void => writeLine(event);

/** A net, for code that a stage did not write: nothing may draw from a generator that nobody seeded. */
function seedMathRandom(seed: number): void {
  let state = seed >>> 0;
  Math.random = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function stageContext(spec: HostSpec, signal: AbortSignal): Stage {
  let lastShown = 0;
  let lastLabel: string | undefined;
  return {
    params: spec.params as Stage['params'],
    seed: spec.seed,
    signal,
    get checkpoint() {
      mkdirSync(spec.checkpoint, { recursive: true });
      return spec.checkpoint;
    },
    input(name) {
      const path = spec.inputs[name];
      if (path === undefined || path === null)
        throw new Error(`stage ${spec.stage} asked for its input "${name}", which is absent`);
      return path;
    },
    has: (name) => typeof spec.inputs[name] === 'string',
    output(name) {
      const path = spec.outputs[name];
      if (path === undefined)
        throw new Error(`stage ${spec.stage} asked for an output "${name}" that it does not declare`);
      return path;
    },
    async module(param) {
      const file = spec.modules[param];
      if (file === undefined)
        throw new Error(`stage ${spec.stage} has no parameter "${param}" of format module`);
      return import(pathToFileURL(file).href);
    },
    progress(done, total, label, values) {
      const now = performance.now();
      if (done < total && label === lastLabel && now - lastShown < PROGRESS_MS) return;
      lastShown = now;
      lastLabel = label;
      emit({
        type: 'progress',
        done,
        total,
        ...(label === undefined ? {} : { label }),
        ...(values === undefined ? {} : { values }),
      });
    },
    metric(name, value) {
      if (typeof value !== 'number' || !Number.isFinite(value))
        throw new Error(`the metric "${name}" must be a finite number, got ${String(value)}`);
      emit({ type: 'metric', name, value });
    },
    fact: (name, value) => emit({ type: 'fact', name, value }),
    warn: (message) => emit({ type: 'warning', message }),
  };
}

async function run(specFile: string): Promise<number> {
  const spec = JSON.parse(readFileSync(specFile, 'utf8')) as HostSpec;
  const interrupt = new AbortController();
  process.once('SIGTERM', () => interrupt.abort(new Error('the stage was told to end')));
  seedMathRandom(spec.seed);
  try {
    const stage = await import(pathToFileURL(spec.bundle).href);
    await stage.default(stageContext(spec, interrupt.signal));
    emit({ type: 'fact', name: 'peakMemory', value: process.resourceUsage().maxRSS * 1024 });
    emit({ type: 'done' });
    return 0;
  } catch (error) {
    // By name and not by class: the stage's copy of the contract may be another one than ours.
    if (error instanceof Error && error.name === 'StageError') {
      const help = (error as { help?: string }).help;
      emit({ type: 'error', message: error.message, ...(help === undefined ? {} : { help }) });
    } else
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  }
}

async function describe(bundles: readonly string[]): Promise<number> {
  await Promise.all(
    bundles.map(async (bundle) => {
      try {
        writeLine({ bundle, description: describeModule(await import(pathToFileURL(bundle).href)) });
      } catch (error) {
        writeLine({ bundle, problem: error instanceof Error ? error.message : String(error) });
      }
    }),
  );
  return 0;
}

const [first, ...rest] = process.argv.slice(2);
process.exit(await (first === '--describe' ? describe(rest) : run(first!)));
