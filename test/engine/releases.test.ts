import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineKind } from '../../src/engine/folder.ts';
import { releaseFor, WANTED } from '../../src/engine/releases.ts';

const file = (url: string): string => new URL(url).pathname.split('/').at(-1)!;

test('each machine gets its wheel, by the names that PyPI has', () => {
  const wheels = (kind: EngineKind, platform: string, arch: string) => {
    const release = releaseFor(kind, platform, arch);
    return release === null
      ? null
      : [release.wheel.pipPlatform, file(release.wheel.url), ...release.libraries];
  };
  const so = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
  const dylib = ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'];
  const tail = 'cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl';
  assert.deepEqual(wheels('cpu', 'linux', 'x64'), [
    'manylinux2014_x86_64',
    `tensorflow_cpu-2.18.1-${tail}`,
    ...so,
  ]);
  assert.deepEqual(wheels('cuda', 'linux', 'x64'), [
    'manylinux2014_x86_64',
    `tensorflow-2.18.1-${tail}`,
    ...so,
  ]);
  assert.deepEqual(wheels('cpu', 'linux', 'arm64'), [
    'manylinux2014_aarch64',
    'tensorflow-2.18.1-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl',
    ...so,
  ]);
  assert.deepEqual(wheels('cpu', 'darwin', 'arm64'), [
    'macosx_12_0_arm64',
    'tensorflow-2.18.1-cp311-cp311-macosx_12_0_arm64.whl',
    ...dylib,
  ]);
  assert.deepEqual(wheels('cpu', 'darwin', 'x64'), [
    'macosx_10_15_x86_64',
    'tensorflow-2.16.2-cp311-cp311-macosx_10_15_x86_64.whl',
    ...dylib,
  ]);
  for (const [kind, platform, arch] of [
    ['cuda', 'linux', 'arm64'],
    ['cuda', 'darwin', 'arm64'],
    ['cpu', 'win32', 'x64'],
    ['cpu', 'freebsd', 'x64'],
  ] as const)
    assert.equal(wheels(kind, platform, arch), null);
});

test('CUDA’s parts are those that the METADATA of tensorflow 2.18.1 names, but for the compiler', () => {
  const { more } = releaseFor('cuda', 'linux', 'x64')!;
  assert.deepEqual(
    more.map((wheel) => `${wheel.package} ==${wheel.version}`),
    [
      'nvidia-cublas-cu12 ==12.5.3.2',
      'nvidia-cuda-cupti-cu12 ==12.5.82',
      'nvidia-cuda-nvrtc-cu12 ==12.5.82',
      'nvidia-cuda-runtime-cu12 ==12.5.82',
      'nvidia-cudnn-cu12 ==9.3.0.75',
      'nvidia-cufft-cu12 ==11.2.3.61',
      'nvidia-curand-cu12 ==10.3.6.82',
      'nvidia-cusolver-cu12 ==11.6.3.83',
      'nvidia-cusparse-cu12 ==12.5.1.3',
      'nvidia-nccl-cu12 ==2.21.5',
      'nvidia-nvjitlink-cu12 ==12.5.82',
    ],
  );
  for (const { package: name, version, sha256, bytes, url, pipPlatform } of more) {
    assert.equal(file(url), `${name.replaceAll('-', '_')}-${version}-py3-none-${pipPlatform}.whl`);
    assert.match(sha256, /^[0-9a-f]{64}$/);
    assert.ok(Number.isInteger(bytes) && bytes > 5e5);
  }
  assert.equal(new Set(more.map(({ sha256 }) => sha256)).size, more.length);
});

test('libraries and headers are taken out of wheels of all platforms, and nothing else', () => {
  const taken = (name: string): boolean => WANTED.some((pattern) => pattern.test(name));
  for (const name of [
    'tensorflow/libtensorflow_cc.so.2',
    'tensorflow/libtensorflow_framework.so.2',
    'tensorflow/libtensorflow_cc.2.dylib',
    'tensorflow/libtensorflow_framework.2.dylib',
    'tensorflow/include/tensorflow/c/eager/c_api.h',
    'tensorflow/include/tsl/platform/status.h',
  ])
    assert.equal(taken(name), true, name);
  for (const name of [
    'tensorflow/python/a.py',
    'tensorflow/libtensorflow_cc.so.2.py',
    'x/tensorflow/include/tsl/a.h',
  ])
    assert.equal(taken(name), false, name);
});
