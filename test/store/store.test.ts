import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { openStore } from '../../src/store/store.ts';
import { handDigest, publication, storeContract, value } from './contract.ts';

storeContract('on the local disk', openStore);

it('hashes a folder as its documented Merkle node', async () => {
  const root = mkdtempSync(join(tmpdir(), 'bloodline-tree-'));
  try {
    const store = value(await openStore(root));
    const content = { 'b.txt': 'B', a: { 'c.txt': 'C', empty: {} }, 'ü.txt': '' };
    const record = value(await store.publish(publication(store, { out: content })));
    assert.equal(record.outputs['out']!.digest, handDigest(content));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
