import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { engineFolder } from '../../src/engine/folder.ts';
import { checkEngine } from '../../src/verbs/check-engine.ts';

const saved = { ...process.env };
const cache = mkdtempSync(join(tmpdir(), 'bloodline-doctor-'));
after(() => {
  process.env = saved;
  rmSync(cache, { recursive: true, force: true });
});
delete process.env.BLOODLINE_ENGINE;
Object.assign(process.env, { BLOODLINE_CACHE: cache, CUDA_VISIBLE_DEVICES: '' });

test('doctor holds the gradients of the engine that is chosen against plain JavaScript', async () => {
  const { state, text } = await checkEngine();
  assert.equal(state, 'advice');
  assert.match(
    text,
    /^wasm: gradients are right to \de-[5-8], \d+\.\d s; no native engine is installed: `bloodline/,
  );
});

test('an engine that does not load is told, and what computes instead', async () => {
  const folder = engineFolder('cpu');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'tfjs_binding.node'), 'no library at all');
  const files = { 'tfjs_binding.node': { bytes: 17, sha256: '' } };
  const manifest = { format: 1, kind: 'cpu', tensorflow: '9', addon: '1', files };
  writeFileSync(join(folder, 'engine.json'), JSON.stringify(manifest));
  const { state, text } = await checkEngine();
  assert.equal(state, 'advice');
  assert.match(
    text,
    /^wasm: gradients are right .*; The native engine does not start, so WebAssembly computes: .*/,
  );
  process.env.BLOODLINE_ENGINE = 'native';
  const wanted = await checkEngine();
  assert.equal(wanted.state, 'broken');
  assert.match(
    wanted.text,
    /^native does not compute: The native engine does not start: .*BLOODLINE_ENGINE=wasm does/,
  );
});
