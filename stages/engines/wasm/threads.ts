/**
 * Threads that run the items of a kernel between them.
 *
 * A call has a number of items; each thread, the calling one too, takes the next item until none is left. Who does
 * which item is left to chance and changes nothing, because each item's result is its own.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

type Kernel = (item: number, thread: number, ...args: number[]) => void;

/** What the threads tell each other; int32 each. */
const STATE = {
  /** Odd while a call is open, even while none is; grows by one at each change. */
  turn: 0,
  /** Threads that may be looking at the call. */
  inside: 1,
  /** The next item that nobody has taken. */
  next: 2,
  items: 3,
  kernel: 4,
  args: 5,
  /** Not 0: a kernel threw in another thread. */
  failed: 6,
} as const;
const LONGEST = 32;

export interface Threads {
  /** How many, the calling one included. */
  readonly count: number;
  /** Runs all items of a kernel; returns when the last one is done. Throws where a kernel does. */
  run(kernel: string, items: number, ...args: number[]): void;
  /** The same in the calling thread alone: for what is done sooner than another thread wakes. */
  runHere(kernel: string, items: number, ...args: number[]): void;
}

/**
 * Starts threads on a compiled module and its shared memory. They end with the process and do not keep it alive.
 *
 * @param count defaults to the cores that this process may use, 16 at most
 */
export function startThreads(
  module: object,
  memory: object,
  exports: Readonly<Record<string, Kernel>>,
  count: number = Math.min(availableParallelism(), 16),
): Threads {
  const state = new Int32Array(new SharedArrayBuffer(64));
  const values = new Float64Array(new SharedArrayBuffer(LONGEST * 8));
  const names = Object.keys(exports).filter((name) => typeof exports[name] === 'function');
  const source = `(${serve.toString()})(require('node:worker_threads').workerData)`;
  const workers: Worker[] = [];
  for (let thread = 1; thread < count; thread++) {
    const workerData = { state, values, module, memory, names, thread, STATE };
    const worker = new Worker(source, { eval: true, workerData, name: `kernels ${thread}` });
    // Without it the calling thread does the work alone, and to the same end.
    worker.on('error', () => {});
    worker.unref();
    workers.push(worker);
  }
  const { turn, inside, next, failed } = STATE;
  const find = (name: string, args: readonly number[]): Kernel => {
    const kernel = exports[name];
    if (kernel === undefined || args.length > LONGEST) throw new Error(`Internal error: no kernel ${name}`);
    return kernel;
  };
  const runHere: Threads['runHere'] = (name, items, ...args) => {
    const kernel = find(name, args);
    for (let item = 0; item < items; item++) kernel(item, 0, ...args);
  };
  return {
    count,
    runHere,
    run(name, items, ...args) {
      if (items === 1 || workers.length === 0) return runHere(name, items, ...args);
      const kernel = find(name, args);
      values.set(args);
      state[STATE.kernel] = names.indexOf(name);
      state[STATE.items] = items;
      state[STATE.args] = args.length;
      Atomics.store(state, next, 0);
      Atomics.add(state, turn, 1);
      Atomics.notify(state, turn, items - 1);
      try {
        for (;;) {
          const item = Atomics.add(state, next, 1);
          if (item >= items) break;
          kernel(item, 0, ...args);
        }
      } finally {
        // Closed first, looked around second: who comes in between sees that it is closed, and goes.
        Atomics.add(state, turn, 1);
        for (let looks = 0; ; looks++) {
          const others = Atomics.load(state, inside);
          if (others === 0) break;
          if (looks > 500) Atomics.wait(state, inside, others, 100);
        }
      }
      if (Atomics.load(state, failed) !== 0) throw new Error(`Internal error: the kernel ${name} gave up`);
    },
  };
}

/** What a worker does; it is sent as text, and so knows nothing but its argument. */
function serve(given: {
  state: Int32Array;
  values: Float64Array;
  module: object;
  memory: object;
  names: string[];
  thread: number;
  STATE: Record<'turn' | 'inside' | 'next' | 'items' | 'kernel' | 'args' | 'failed', number>;
}): void {
  const { state, values, module, memory, names, thread, STATE } = given;
  const { Instance } = (
    globalThis as unknown as { WebAssembly: { Instance: new (m: object, i: object) => object } }
  ).WebAssembly;
  const abort = (): never => {
    throw new Error('a wasm kernel gave up');
  };
  const { exports } = new Instance(module, { env: { memory, abort } }) as {
    exports: Record<string, (item: number, thread: number, ...args: number[]) => void>;
  };
  for (;;) {
    // A short look-out before the thread sleeps: calls come thick and fast, and waking it costs more than most take.
    let seen = Atomics.load(state, STATE.turn);
    for (let looks = 0; looks < 2000 && seen % 2 === 0; looks++) seen = Atomics.load(state, STATE.turn);
    if (seen % 2 === 0) {
      Atomics.wait(state, STATE.turn, seen);
      continue;
    }
    Atomics.add(state, STATE.inside, 1);
    if (Atomics.load(state, STATE.turn) === seen) {
      const kernel = exports[names[state[STATE.kernel]!]!]!;
      const items = state[STATE.items]!;
      const args = Array.from(values.subarray(0, state[STATE.args]!));
      try {
        for (;;) {
          const item = Atomics.add(state, STATE.next, 1);
          if (item >= items) break;
          kernel(item, thread, ...args);
        }
      } catch {
        Atomics.store(state, STATE.failed, 1);
      }
    }
    Atomics.sub(state, STATE.inside, 1);
    Atomics.notify(state, STATE.inside);
    // Until this call is closed.
    for (let looks = 0; looks < 2000 && Atomics.load(state, STATE.turn) === seen; looks++);
    Atomics.wait(state, STATE.turn, seen);
  }
}
