/**
 * Makes the references of the test suite anew, with Keras:
 *
 *     node dist/bench/parity/write-micro.js PYTHON
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLASSES, IMAGES, learningRates, microNetworks, SIZE } from './micro-networks.ts';

const root = resolve(fileURLToPath(new URL('../../..', import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'parity-'));
const networks = join(folder, 'networks.json');
writeFileSync(
  networks,
  JSON.stringify({ size: SIZE, classes: CLASSES, images: IMAGES, learningRates, networks: microNetworks() }),
);
const fixtures = join(root, 'test/learning/keras');
const args = ['bench/parity/micro.py', networks, join(fixtures, 'parity.json'), fixtures];
execFileSync(process.argv[2] ?? 'python3', args, { cwd: root, stdio: 'inherit' });
rmSync(folder, { recursive: true });
