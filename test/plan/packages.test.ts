import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { packageDigests } from '../../src/plan/packages.ts';
import { createProject, type Project } from './project.ts';

describe('digests of packages', () => {
  let project: Project;
  beforeEach(async () => {
    project = await createProject();
  });
  afterEach(() => project.remove());

  const lock = (packages: object, folder = '') =>
    project.write({ [join(folder, 'package-lock.json')]: JSON.stringify({ lockfileVersion: 3, packages }) });
  const digest = (name: string, root = project.root) => packageDigests(root)([name])[name];

  it('come from the lock file, with nested packages where Node would find them', () => {
    const packages = {
      'node_modules/a': { version: '1.0.0', integrity: 'A', dependencies: { b: '*', c: '*' } },
      'node_modules/b': { version: '1.0.0', integrity: 'B1', dependencies: { a: '*' } },
      'node_modules/a/node_modules/b': { version: '2.0.0', integrity: 'B2' },
      'node_modules/c': { version: '1.0.0', integrity: 'C', optionalDependencies: { d: '*', missing: '*' } },
      'node_modules/d': { version: '1.0.0', integrity: 'D' },
    };
    lock(packages);
    const before = digest('a');
    assert.match(before!, /^1\.0\.0 [0-9a-f]{64}$/);
    const after = (place: keyof typeof packages) => {
      lock({ ...packages, [place]: { ...packages[place], integrity: 'changed' } });
      return digest('a');
    };
    assert.equal(after('node_modules/b'), before, 'its own b stands before that one');
    assert.notEqual(after('node_modules/a/node_modules/b'), before);
    assert.notEqual(after('node_modules/d'), before);
  });

  it('find the lock above a project in a folder below, as in a workspace', () => {
    lock({
      'packages/x/node_modules/a': { version: '2.0.0', integrity: '2' },
      'node_modules/a': { version: '1.0.0' },
    });
    project.write({ 'packages/x/package.json': '{}' });
    assert.match(digest('a', join(project.root, 'packages/x'))!, /^2\.0\.0 /);
    assert.match(digest('a', join(project.root, 'packages/y'))!, /^1\.0\.0 /);
  });

  it('come from what is installed where no lock lists a package', () => {
    const installed = (version: string) =>
      project.write({
        'node_modules/a/package.json': JSON.stringify({
          name: 'a',
          version: '1.0.0',
          dependencies: { b: '*' },
        }),
        'node_modules/b/package.json': JSON.stringify({ name: 'b', version }),
      });
    installed('1.0.0');
    const before = digest('a');
    assert.match(before!, /^1\.0\.0 /);
    installed('1.0.1');
    assert.notEqual(digest('a'), before);
    assert.equal(digest('nowhere'), 'not installed');
  });

  it('leave out what engines bring, and keep tfjs itself', () => {
    const names = [
      '@tensorflow/tfjs',
      '@tensorflow/tfjs-node-gpu',
      '@tensorflow/tfjs-backend-wasm',
      'webgpu',
      'sharp',
    ];
    assert.deepEqual(Object.keys(packageDigests(project.root)(names)), ['@tensorflow/tfjs', 'sharp']);
  });
});
