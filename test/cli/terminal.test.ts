import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import type { WriteStream } from 'node:tty';
import { fileURLToPath } from 'node:url';
import type { RunEvent } from '../../src/events.ts';
import { liveView } from '../../src/log/terminal.ts';
import { answerOf, type FrontDoor, openFrontDoor } from '../rig/front-door.ts';

const BIN = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'bin', 'bloodline.js');
/** util-linux's: it gives a command a terminal. Others of that name take other options. */
const hasScript = /util-linux/.test(String(spawnSync('script', ['--version']).stdout ?? ''));
const why = 'needs util-linux `script`, to give the command a terminal';

const skip = hasScript ? false : why;

/** Runs a command on a terminal, in the project's folder. */
const onTerminal = (door: FrontDoor, command: string, more: Readonly<Record<string, string>> = {}) => {
  const { CI: _, NO_COLOR: __, ...env } = process.env;
  return answerOf(
    spawn('script', ['-qec', command, '/dev/null'], {
      cwd: door.root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, TERM: 'xterm-256color', ...more },
    }),
  );
};

it('on a terminal, a run leaves a line a stage and a summary', { skip }, async () => {
  const door = openFrontDoor({
    'pipeline.yaml': `
name: small
stages:
  first: { command: 'echo x > "$BLOODLINE_OUTPUT_X"', sources: [], outputs: [x] }
  last: { command: 'cp "$BLOODLINE_INPUT_X" "$BLOODLINE_OUTPUT_X"', inputs: { x: first.x }, sources: [], outputs: [x] }
`,
  });
  try {
    const { code, stdout } = await onTerminal(door, `stty cols 60; exec ${process.execPath} ${BIN} run`);
    assert.equal(code, 0, stdout);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const plain = stdout.replace(/\x1b\[[\d;?]*[A-Za-z]/g, '');
    assert.match(plain, /first/);
    assert.match(plain, /last/);
    assert.match(plain, /Done in .*: 2 ran, 0 cached\./);
    const hidden = stdout.lastIndexOf('\x1b[?25l');
    if (hidden >= 0) assert.ok(stdout.lastIndexOf('\x1b[?25h') > hidden, 'the cursor is shown again');
    const again = await onTerminal(door, `exec ${process.execPath} ${BIN} run`);
    assert.match(again.stdout, /Nothing to do: all 2 stages are in the store/);
  } finally {
    door.remove();
  }
});

it('what stages say cannot clear or switch the screen, live or as plain lines', { skip }, async () => {
  const door = openFrontDoor({
    'pipeline.yaml': `
name: rude
stages:
  fails: { command: 'printf "\\033[2J\\033[?1049hgone\\rover\\n" >&2; exit 3', sources: [], outputs: [x] }
  warns: { command: [sh, warns.sh, "\${outputs.x}"], sources: [warns.sh], outputs: [x] }
`,
    'warns.sh': `printf '%s\\n' '{"type":"warning","message":"be\\u001b[2Jware\\nof this"}' > "$BLOODLINE_EVENTS"; echo > "$1"`,
  });
  try {
    const live = await onTerminal(door, `exec ${process.execPath} ${BIN} run --force warns`);
    const plain = await door.bloodline('run', '--force', 'warns');
    for (const text of [live.stdout.replaceAll('\r', ''), plain.stderr]) {
      assert.match(text, /\n {2}\| gone over\n/);
      assert.match(text, /warns: warning: beware\nof this\n/);
      for (const sequence of ['\x1b[2J', '\x1b[?1049h']) assert.ok(!text.includes(sequence), text);
    }
  } finally {
    door.remove();
  }
});

it('problems of the pipeline file are coloured on a terminal, and not where NO_COLOR is set', {
  skip,
}, async () => {
  const door = openFrontDoor({ 'pipeline.yaml': 'name: x\nstages:\n  a: { commnd: x }\n' });
  try {
    const command = `exec ${process.execPath} ${BIN} status`;
    const coloured = await onTerminal(door, command);
    assert.ok(coloured.stdout.includes('\x1b[31;1merror:\x1b[0m'), coloured.stdout);
    const bare = await onTerminal(door, command, { NO_COLOR: '1' });
    assert.ok(!bare.stdout.includes('\x1b['), bare.stdout);
    assert.match(bare.stdout, /pipeline\.yaml:3:8: error: unknown key "commnd"/);
  } finally {
    door.remove();
  }
});

describe('the live view', () => {
  const stage = 'train-per-model@a-model-with-a-long-name,seed=1';
  const started: RunEvent = {
    type: 'run-started',
    pipeline: 'p',
    profile: null,
    run: 'r',
    expectedMs: null,
    stages: [
      { stage, plan: 'run' },
      { stage: `${stage}2`, plan: 'run' },
    ],
  };

  it('keeps what tells stages apart on a narrow terminal, and goes up by what a narrower one broke', async () => {
    const screen = Object.assign(new PassThrough({ encoding: 'utf8' }), { columns: 60, rows: 24 });
    const view = liveView(screen as unknown as WriteStream);
    // The view's own timer keeps no process alive.
    const alive = setInterval(() => {}, 1000);
    const painted = async (): Promise<string> => {
      for (;;) {
        const [text] = await once(screen, 'data');
        if (text.includes('\x1b[?7l')) return text;
      }
    };
    try {
      view.take(started);
      const wide = await painted();
      assert.ok(wide.includes('  train-per-mode…ng-name,seed=1\n  train-per-mode…g-name,seed=12\n'), wide);
      assert.ok((await painted()).startsWith('\x1b[2A'));
      screen.columns = 20;
      assert.ok((await painted()).startsWith('\x1b[4A'), 'two lines of more than 20 letters');
      const narrow = await painted();
      assert.ok(narrow.startsWith('\x1b[2A'), narrow);
    } finally {
      view.close();
      clearInterval(alive);
    }
  });
});
