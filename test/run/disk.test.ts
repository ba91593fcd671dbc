import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { BIN, type FrontDoor, openFrontDoor } from '../rig/front-door.ts';

/** A file system of its own for the store, that nobody else sees and that goes with the shell. */
const inNamespace = (script: string, cwd: string) =>
  spawnSync('unshare', ['--map-root-user', '--mount', 'sh', '-ec', script], { cwd, encoding: 'utf8' });
const works = inNamespace('mount -t tmpfs -o size=1m none /mnt', '/').status === 0;

describe('a store on a small disk', { skip: works ? false : 'needs namespaces of its own (Linux)' }, () => {
  let door: FrontDoor;
  afterEach(() => door.remove());

  /** Runs the shell script with the store on 4 MB; `bl NAME ARGS` is the command, and what it says is in `said[NAME]`. */
  function on4Megabytes(files: Readonly<Record<string, string>>, script: string) {
    door = openFrontDoor(files);
    const head = `
mkdir artifacts
mount -t tmpfs -o size=4m none artifacts
bl() { name=$1; shift; code=0; ${process.execPath} ${BIN} "$@" > $name.out 2> $name.err || code=$?; echo $code > $name.code; }
`;
    const { status, stderr } = inNamespace(head + script, door.root);
    assert.equal(status, 0, stderr);
    return (name: string) => {
      const read = (part: string) => readFileSync(join(door.root, `${name}.${part}`), 'utf8');
      return { code: Number(read('code')), out: read('out'), err: read('err') };
    };
  }
  const FILES = {
    'pipeline.yaml': `name: disk
stages:
  small: { command: 'echo small > "$BLOODLINE_OUTPUT_X"', outputs: [x] }
  big: { command: 'head -c 6000000 /dev/zero > "$BLOODLINE_OUTPUT_X"', inputs: { s: small.x }, outputs: [x] }
`,
  };

  it('that is too full for a stage: says so, keeps what was done, and goes on when there is room', () => {
    const said = on4Megabytes(
      FILES,
      `
bl full run
bl verify verify
bl still status
mount -o remount,size=20m artifacts
bl room run
cat artifacts/latest/big/x | wc -c > size
`,
    );
    const full = said('full');
    assert.equal(full.code, 1, full.err);
    assert.match(full.err, /No space left on device/);
    assert.equal(said('verify').code, 0, said('verify').out);
    assert.match(said('still').out, /^small +cached/m);
    assert.equal(said('room').code, 0, said('room').err);
    assert.match(said('room').err, /small.*cached/);
    assert.equal(readFileSync(join(door.root, 'size'), 'utf8').trim(), '6000000');
  });

  it('that a stage fills to the last byte and then says that it is done', () => {
    const said = on4Megabytes(
      {
        'pipeline.yaml': `name: disk
stages:
  small: { command: 'echo small > "$BLOODLINE_OUTPUT_X"', outputs: [x] }
  fills: { command: 'cat /dev/zero > "$BLOODLINE_OUTPUT_X"; true', inputs: { s: small.x }, outputs: [x] }
`,
      },
      `
bl full run
bl status status
bl verify verify
sed -i 's/cat .dev.zero/echo little/' pipeline.yaml
bl room run
`,
    );
    const full = said('full');
    assert.equal(full.code, 1, full.err);
    assert.match(full.err, /disk is full: make room and run again/);
    assert.equal(said('status').code, 0, said('status').err);
    assert.match(said('status').out, /^small +cached/m);
    assert.equal(said('verify').code, 0, said('verify').out);
    assert.equal(said('room').code, 0, said('room').err);
  });

  it('that others filled: gc makes room', () => {
    const said = on4Megabytes(
      {
        'pipeline.yaml': `name: disk
params: { n: 2000000 }
stages:
  some: { command: 'yes | head -c $BLOODLINE_PARAM_N > "$BLOODLINE_OUTPUT_X"', params: { n: "\${n}" }, outputs: [x] }
`,
      },
      `
bl one run
bl two run --param n=1000000
cat /dev/zero > artifacts/others || true
bl full run --param n=500000
bl gc gc --max-size 1 --delete
bl room run --param n=500000
bl verify verify
`,
    );
    for (const name of ['one', 'two']) assert.equal(said(name).code, 0, said(name).err);
    assert.notEqual(said('full').code, 0);
    assert.match(said('full').err, /disk is full|No space left/);
    assert.equal(said('gc').code, 0, said('gc').err);
    assert.equal(said('room').code, 0, said('room').err);
    assert.equal(said('verify').code, 0, said('verify').out);
  });

  it('that is read-only: what is there is used, and what is missing is said', () => {
    const said = on4Megabytes(
      FILES,
      `
bl first run small
mount -o remount,ro artifacts
bl again run small
bl status status
bl more run
mount -o remount,rw artifacts
bl verify verify
`,
    );
    assert.equal(said('first').code, 0, said('first').err);
    assert.equal(said('again').code, 0, said('again').err);
    assert.equal(said('status').code, 0, said('status').err);
    assert.notEqual(said('more').code, 0);
    assert.match(said('more').err, /read-only, and lacks the results of big/);
    assert.equal(said('verify').code, 0);
  });
});
