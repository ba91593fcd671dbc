import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { engineEnvironment } from '../../src/engine/environment.ts';
import { cacheFolder, engineFolder } from '../../src/engine/folder.ts';

const saved = { ...process.env };
beforeEach(() => {
  for (const name of ['BLOODLINE_CACHE', 'BLOODLINE_ENGINE', 'XDG_CACHE_HOME']) delete process.env[name];
});
afterEach(() => {
  process.env = { ...saved };
});

test('the number of threads is fixed, whatever cores there are', () => {
  assert.equal(engineEnvironment({ gpuIds: [] })['TF_NUM_INTRAOP_THREADS'], '8');
  assert.equal(engineEnvironment({ threads: 3, gpuIds: [] })['TF_NUM_INTRAOP_THREADS'], '3');
});

test('deterministic operations are asked for where there is a GPU', () => {
  assert.equal(engineEnvironment({ gpuIds: [] })['TF_DETERMINISTIC_OPS'], undefined);
  assert.equal(engineEnvironment({ gpuIds: ['0'] })['TF_DETERMINISTIC_OPS'], '1');
});

test('where the engine lies, and which is wanted, reaches the stage', () => {
  process.env['BLOODLINE_CACHE'] = '/somewhere';
  process.env['BLOODLINE_ENGINE'] = 'wasm';
  const env = engineEnvironment({ gpuIds: [] });
  assert.equal(env['BLOODLINE_CACHE'], '/somewhere');
  assert.equal(env['BLOODLINE_ENGINE'], 'wasm');
  assert.equal(env['XDG_CACHE_HOME'], undefined);
});

test('the webgpu engine is told where its packages and the Vulkan drivers are', () => {
  const places = { BLOODLINE_CACHE: '/c', VK_DRIVER_FILES: '/d.json', LD_LIBRARY_PATH: '/lib' };
  Object.assign(process.env, places);
  const env = engineEnvironment({ gpuIds: [] });
  for (const [name, value] of Object.entries(places)) assert.equal(env[name], value);
});

test('the cache folder follows BLOODLINE_CACHE, then XDG_CACHE_HOME, then the home folder', () => {
  assert.equal(cacheFolder({ BLOODLINE_CACHE: '/a', XDG_CACHE_HOME: '/b' }), '/a');
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '/b' }), '/b/bloodline');
  assert.match(cacheFolder({}), /\/\.cache\/bloodline$/);
  assert.equal(engineFolder('cpu', '/c'), '/c/engines/cpu');
});
