/**
 * What `npm test` has no time for: the demo gives the same bytes twice, and trainings that are killed give the bytes of
 * those that were not, on each engine that is installed.
 *
 *     node dist/test/long/trainings.js [--engines native] [--profile demo] [--models custom-cnn,vgg16]
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { RunEvent } from '../../src/events.ts';
import { nativeFolder } from '../native-engine.ts';
import { digestsOf } from '../rig/digests.ts';
import { BIN, CHECKOUT } from '../rig/front-door.ts';
import { endTree } from './process-tree.ts';

const { values } = parseArgs({
  options: {
    engines: { type: 'string', default: nativeFolder() ? 'native,wasm' : 'wasm' },
    profile: { type: 'string', default: 'demo' },
    models: { type: 'string' },
  },
});
const engines = values.engines.split(',');
const TRAINING = 'train-per-model@';

/**
 * Runs the pipeline in a store until it ends, or until `kill` says so of an event: then the runner and all below it
 * get SIGKILL, as when the machine goes down. Resolves to the events so far.
 */
async function run(store: string, engine: string, kill?: (event: RunEvent) => boolean): Promise<RunEvent[]> {
  const args = ['run', '--profile', values.profile, '--param', `engine=${engine}`, '--json'];
  if (values.models) args.push('--param', `models=[${values.models}]`);
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: CHECKOUT,
    env: { ...process.env, BLOODLINE_STORE: store },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const events: RunEvent[] = [];
  let killed = false;
  for await (const line of createInterface({ input: child.stdout })) {
    if (killed) continue;
    const event = JSON.parse(line) as RunEvent;
    events.push(event);
    killed = kill?.(event) ?? false;
    if (killed) endTree(child.pid!);
  }
  const code = await ended;
  if (!killed) assert.equal(code, 0, `the run ended with ${code}`);
  return events;
}

const minutes = (since: number): string => `${((performance.now() - since) / 60_000).toFixed(1)} min`;

async function check(engine: string, folder: string): Promise<void> {
  const whole = join(folder, 'whole');
  let start = performance.now();
  await run(whole, engine);
  const wanted = digestsOf(whole);
  assert.match(wanted, /^compare /m);
  console.log(`${engine}: run from an empty store, ${minutes(start)}`);

  start = performance.now();
  const second = join(folder, 'second');
  await run(second, engine);
  assert.equal(digestsOf(second), wanted, `${engine}: two runs from an empty store differ`);
  console.log(`${engine}: the same again from another, every artifact is equal, ${minutes(start)}`);

  start = performance.now();
  const broken = join(folder, 'broken');
  const killed = new Set<string>();
  const halfWay = (event: RunEvent): boolean => {
    if (event.type !== 'stage-event' || event.event.type !== 'progress') return false;
    const { done, total } = event.event;
    if (!event.stage.startsWith(TRAINING) || killed.has(event.stage) || done < 0.6 * total) return false;
    killed.add(event.stage);
    return true;
  };
  const events: RunEvent[] = [];
  do events.push(...(await run(broken, engine, halfWay)));
  while (events.at(-1)?.type !== 'run-finished');
  assert.ok(killed.size > 0, 'nothing was killed');
  for (const event of events)
    if (event.type === 'stage-finished' && killed.has(event.stage) && event.how === 'ran')
      assert.ok(event.facts['epochs taken over'], `${engine}: ${event.stage} began anew`);
  assert.equal(digestsOf(broken), wanted, `${engine}: a training that was killed gives other bytes`);
  console.log(
    `${engine}: killed half-way (${[...killed].join(', ')}), run again, every artifact is equal, ${minutes(start)}`,
  );
}

console.log(
  `Engines: ${engines.join(', ')}. On two cores this takes about 10 minutes with native, 25 with wasm.`,
);
for (const engine of engines) {
  const folder = mkdtempSync(join(tmpdir(), 'bloodline-long-'));
  try {
    await check(engine, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
