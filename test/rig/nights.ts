import assert from 'node:assert/strict';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { named } from '../../src/schedule/entry.ts';
import { readState } from '../../src/schedule/state.ts';
import { openFrontDoor } from './front-door.ts';

const PIPELINE = (cap: number): string => `
name: nights
schedules:
  nightly: { cron: "30 2 * * *", timezone: Europe/Berlin, keep: { size: ${cap}B } }
gates:
  good: { stage: judge, metric: score, min: 0.5 }
stages:
  data: { command: 'cat "$BLOODLINE_INPUT_I" > "$BLOODLINE_OUTPUT_X"', inputs: { i: { path: in.txt } }, outputs: [x] }
  make:
    command: 'mkdir "$BLOODLINE_OUTPUT_F"; cat "$BLOODLINE_INPUT_X" "$BLOODLINE_INPUT_X" > "$BLOODLINE_OUTPUT_F/big"; head -n 1 "$BLOODLINE_INPUT_X" > "$BLOODLINE_OUTPUT_F/night.md"'
    inputs: { x: data.x }
    outputs: [f]
  judge:
    command: 'read score night < "$BLOODLINE_INPUT_F/night.md"; [ "$score" = bad ] && exit 1; echo "{\\"type\\":\\"metric\\",\\"name\\":\\"score\\",\\"value\\":$score}" > "$BLOODLINE_EVENTS"; echo "$night" > "$BLOODLINE_OUTPUT_Y"'
    inputs: { f: make.f }
    outputs: [y]
`;

/** Bytes that a night adds: its data, once as they are and once twice. */
const DATA_BYTES = 100_000;

export interface Nights {
  readonly nights: number;
  readonly code: Readonly<Record<number, number>>;
  /** The most that the store took after a night, each file once. */
  readonly mostBytes: number;
  /** Folders of runs at the end. */
  readonly folders: number;
}

/**
 * A project that is run each night by a schedule in Berlin, from a day on, with a store that is to stay below a size:
 * most nights bring new data, some none, some bad data, some a gate that is not met, and some the machine sleeps through.
 * The time is handed to the command; nothing waits. Holds that each time gets one run, and what each comes to.
 * @param cap bytes
 */
export async function nights({
  count,
  from,
  cap,
  onNight,
}: {
  readonly count: number;
  /** First day, YYYY-MM-DD. */
  readonly from: string;
  readonly cap: number;
  readonly onNight?: (night: number, bytes: number) => void;
}): Promise<Nights> {
  const door = openFrontDoor({ 'pipeline.yaml': PIPELINE(cap), 'in.txt': '0.9 first\n' });
  const store = join(door.root, 'artifacts');
  const { id } = named(join(door.root, 'pipeline.yaml'), 'nightly');
  try {
    // Each day at 03:00 UTC half past two in Berlin has been, in summer and in winter.
    const at = (night: number, clock: string): string => {
      const day = new Date(Date.parse(`${from}T00:00:00Z`) + night * 86_400_000);
      return `${day.toISOString().slice(0, 10)}T${clock}Z`;
    };
    const call = (now: string) => door.bloodline('run', '--if-due', 'nightly', '--quiet', '--now', now);
    await call(at(0, '00:00:00'));
    const code: Record<number, number> = {};
    const slots = new Set<string>();
    let [made, most] = [0, 0];
    // What the run before came to: nothing new comes to the same.
    let before = 0;
    for (let night = 0; night < count; night++) {
      const kind = kindOf(night);
      if (kind === 'asleep') continue;
      if (kind !== 'idle') door.write({ 'in.txt': dataOf(night, kind) });
      const answer = await call(at(night, '03:00:10'));
      const wanted = kind === 'idle' ? before : { new: 0, bad: 1, weak: 4 }[kind];
      assert.equal(answer.code, wanted, `night ${night}, ${kind}: ${answer.stderr}`);
      before = wanted;
      made++;
      code[wanted] = (code[wanted] ?? 0) + 1;
      slots.add(readState(store, id)!.last!.slot);
      assert.equal(slots.size, made, `night ${night} ran for a time of its own`);
      if (night % 10 === 0)
        assert.equal((await call(at(night, '03:01:10'))).stderr, '', 'called again, nothing is due');
      const bytes = bytesOf(store);
      most = Math.max(most, bytes);
      onNight?.(night, bytes);
    }
    const verified = await door.bloodline('verify');
    assert.equal(verified.code, 0, verified.stdout);
    return { nights: made, code, mostBytes: most, folders: readdirSync(join(store, 'runs')).length };
  } finally {
    door.remove();
  }
}

type Kind = 'new' | 'idle' | 'bad' | 'weak' | 'asleep';

function kindOf(night: number): Kind {
  if (night % 29 === 12) return 'asleep';
  if (night % 17 === 5) return 'bad';
  if (night % 23 === 8) return 'weak';
  return night % 7 === 3 ? 'idle' : 'new';
}

/** First a score and the night, then bytes that no other night has. */
function dataOf(night: number, kind: 'new' | 'bad' | 'weak'): string {
  const score = { new: 0.6 + (night % 40) / 100, bad: 'bad', weak: 0.3 }[kind];
  return `${score} ${night}\n${`${night} `.repeat(DATA_BYTES).slice(0, DATA_BYTES)}\n`;
}

/** Of all files below a folder, each once however many names it has. */
function bytesOf(folder: string): number {
  const files = new Map<number, number>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const stats = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (stats?.isFile()) files.set(stats.ino, stats.size);
  }
  return [...files.values()].reduce((sum, size) => sum + size, 0);
}
