import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { answerOf, openFrontDoor } from '../rig/front-door.ts';

const BIN = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'bin', 'bloodline.js');
/** util-linux's: it gives a command a terminal. Others of that name take other options. */
const hasScript = /util-linux/.test(String(spawnSync('script', ['--version']).stdout ?? ''));
const why = 'needs util-linux `script`, to give the command a terminal';

it('on a terminal, a run leaves a line a stage and a summary', {
  skip: hasScript ? false : why,
}, async () => {
  const door = openFrontDoor({
    'pipeline.yaml': `
name: small
stages:
  first: { command: 'echo x > "$BLOODLINE_OUTPUT_X"', sources: [], outputs: [x] }
  last: { command: 'cp "$BLOODLINE_INPUT_X" "$BLOODLINE_OUTPUT_X"', inputs: { x: first.x }, sources: [], outputs: [x] }
`,
  });
  const onTerminal = (command: string) => {
    const { CI: _, NO_COLOR: __, ...env } = process.env;
    return answerOf(
      spawn('script', ['-qec', command, '/dev/null'], {
        cwd: door.root,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...env, TERM: 'xterm-256color' },
      }),
    );
  };
  try {
    const { code, stdout } = await onTerminal(`stty cols 60; exec ${process.execPath} ${BIN} run`);
    assert.equal(code, 0, stdout);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const plain = stdout.replace(/\x1b\[[\d;?]*[A-Za-z]/g, '');
    assert.match(plain, /first/);
    assert.match(plain, /last/);
    assert.match(plain, /Done in .*: 2 ran, 0 cached\./);
    const hidden = stdout.lastIndexOf('\x1b[?25l');
    if (hidden >= 0) assert.ok(stdout.lastIndexOf('\x1b[?25h') > hidden, 'the cursor is shown again');
    const again = await onTerminal(`exec ${process.execPath} ${BIN} run`);
    assert.match(again.stdout, /Nothing to do: all 2 stages are in the store/);
  } finally {
    door.remove();
  }
});
