import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** Does jobs, each on whatever thread has the least to do. Results depend on the job alone. Must be closed. */
export interface Crew<Job, Result> {
  /** Jobs that keep every thread busy; more at once only wait. */
  readonly width: number;
  do(job: Job): Promise<Result>;
  close(): Promise<void>;
}

/** Makes what does one job after another; called once on each thread. */
export type Begin<Setup, Job, Result> = (setup: Setup) => (job: Job) => Promise<Result>;

/** Jobs in hand for each thread: one at work, one to go on with, one on its way. */
const AHEAD = 3;
/** Threads are worth their start where each has so many jobs. */
const WORTH_A_THREAD = 60;
const MOST_THREADS = 16;

/**
 * Work that threads can do. Called at the top of the module that holds it: the same file, loaded by a thread, then
 * waits for jobs.
 *
 * @param url the module's `import.meta.url`: of the bundle, once it is part of one.
 * @param name of this work among those in a bundle.
 * @returns opens a crew for about so many jobs; a few are done on the calling thread.
 */
export function crewFor<Setup, Job, Result>(
  url: string,
  name: string,
  begin: Begin<Setup, Job, Result>,
): (setup: Setup, jobs: number, threads?: number) => Crew<Job, Result> {
  const given = workerData as { readonly crew?: string; readonly setup?: unknown } | null;
  if (!isMainThread && given?.crew === name) serve(begin(given.setup as Setup));
  return (setup, jobs, threads = Math.min(availableParallelism(), MOST_THREADS)) => {
    const count = Math.min(threads, Math.floor(jobs / WORTH_A_THREAD));
    if (count > 1) return openThreads(url, { crew: name, setup }, count);
    const work = begin(setup);
    return { width: AHEAD, do: work, close: async () => {} };
  };
}

interface Answer<Result> {
  readonly job: number;
  readonly result?: Result;
  readonly error?: Error;
}

function serve<Job, Result>(work: (job: Job) => Promise<Result>): void {
  const port = parentPort!;
  port.on('message', ({ job, content }: { job: number; content: Job }) => {
    work(content).then(
      (result) => port.postMessage({ job, result }),
      (error: Error) => port.postMessage({ job, error }),
    );
  });
}

interface Waiting<Result> {
  resolve(result: Result): void;
  reject(error: Error): void;
}

function openThreads<Job, Result>(
  url: string,
  workerData: { crew: string; setup: unknown },
  count: number,
): Crew<Job, Result> {
  let next = 0;
  const threads = Array.from({ length: count }, () => {
    const worker = new Worker(new URL(url), { workerData });
    const waiting = new Map<number, Waiting<Result>>();
    let broken: Error | null = null;
    worker.on('message', ({ job, result, error }: Answer<Result>) => {
      const { resolve, reject } = waiting.get(job)!;
      waiting.delete(job);
      if (error === undefined) resolve(result!);
      else reject(error);
    });
    worker.on('error', (error) => {
      broken = error;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    });
    const work = (content: Job): Promise<Result> =>
      new Promise((resolve, reject) => {
        if (broken !== null) return reject(broken);
        waiting.set(next, { resolve, reject });
        worker.postMessage({ job: next++, content });
      });
    return { worker, waiting, work };
  });
  return {
    width: AHEAD * count,
    do: (job) =>
      threads
        .reduce((least, thread) => (thread.waiting.size < least.waiting.size ? thread : least))
        .work(job),
    close: async () => {
      for (const { worker } of threads) await worker.terminate();
    },
  };
}
