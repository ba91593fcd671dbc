import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { BIN, openFrontDoor } from '../rig/front-door.ts';

const CALLS = 'trace=fsync,rename';
const traces = spawnSync('strace', ['-f', '-e', CALLS, 'true']).status === 0;

/** What the system was asked for, in order: `fsync <path>`, `rename <to>`, by paths in the store. */
function asked(root: string, ...args: string[]): readonly string[] {
  const log = join(root, 'calls');
  const { status, stderr } = spawnSync(
    'strace',
    ['-f', '-y', '-e', CALLS, '-o', log, process.execPath, BIN, 'run', ...args],
    { cwd: root, encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  return readFileSync(log, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, call, path] =
        /(fsync)\(\d+<([^>]*)>/.exec(line) ?? /(rename)\(".*", "(.*)"\)/.exec(line) ?? [];
      const at = path?.indexOf('/artifacts/') ?? -1;
      return at === -1 ? [] : [`${call} ${path!.slice(at + '/artifacts/'.length)}`];
    });
}

it('--durable brings what was made to the disk before its record, and its record before the run ends', {
  skip: traces ? false : 'needs strace',
}, () => {
  const door = openFrontDoor({
    'pipeline.yaml':
      'name: durable\nstages:\n  a: { command: \'echo said; mkdir "$BLOODLINE_OUTPUT_F"; echo a > "$BLOODLINE_OUTPUT_F/a"; echo b > "$BLOODLINE_OUTPUT_F/b"\', outputs: [f] }\n',
  });
  try {
    assert.deepEqual(
      asked(door.root).filter((call) => call.startsWith('fsync')),
      [],
      'nothing is waited for otherwise',
    );
    const calls = asked(door.root, '--durable', '--force', 'a');
    const flushed = (what: RegExp) =>
      calls.filter((call) => call.startsWith('fsync') && what.test(call)).length;
    assert.equal(flushed(/ blobs\/..\/./), 3, `two files and the log: ${calls.join('\n')}`);
    assert.deepEqual([flushed(/ blobs\/..$/), flushed(/ blobs$/)], [3, 1]);
    assert.deepEqual([flushed(/ trees\/..\/./), flushed(/ trees\/..$/)], [1, 1]);
    const last = Math.max(...calls.flatMap((call, at) => (/^fsync (blobs|trees)/.test(call) ? [at] : [])));
    const record = calls.findIndex((call) => /^fsync records\/.*json$/.test(call));
    assert.ok(record > last, calls.join('\n'));
    assert.ok(calls.some((call) => call === 'fsync history/a'));
  } finally {
    door.remove();
  }
});
