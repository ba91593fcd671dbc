import assert from 'node:assert/strict';
import { readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { kept } from '../../src/pipeline/keep.ts';
import { loadPipeline } from '../../src/pipeline/load.ts';
import { createProject } from './project.ts';

const TEXT = `\
params: { models: [a, b], source: null }
stages:
  ingest: { run: stages/ingest.ts, inputs: { source: { path: "\${source}" } } }
  train:
    matrix: { model: "\${models}" }
    run: stages/train.ts
    inputs: { images: ingest.images }
    params: { model: "\${model}", deep: { list: [1] } }
  all: { command: [cat, "\${inputs.models}"], inputs: { models: train.model }, outputs: [page] }
`;

describe('a pipeline that was read', () => {
  const project = createProject();
  after(() => project.remove());
  const folder = join(project.root, 'kept');
  const at = (text = TEXT, choices = {}) => ({ folder, file: project.file, text, choices });

  test('is kept, places and all, and only for the same text, choices and files', async () => {
    project.write('pipeline.yaml', TEXT);
    assert.equal(kept(at()), null);
    const read = await loadPipeline(project.file, {}, { keepIn: folder });
    assert.ok(read.ok);
    assert.deepEqual(kept(at()), read.value);
    assert.deepEqual(await loadPipeline(project.file, {}, { keepIn: folder }), read);
    assert.equal(kept(at(`${TEXT}# a comment\n`)), null);
    assert.equal(kept(at(TEXT, { params: { source: 'x' } })), null);
    rmSync(join(project.root, 'stages/train.ts'));
    assert.equal(kept(at()), null);
    project.write('stages/train.ts', '');
    assert.deepEqual(kept(at()), read.value);
  });

  test('is read again where what was kept is damaged', async () => {
    project.write('pipeline.yaml', TEXT);
    const read = await loadPipeline(project.file, {}, { keepIn: folder });
    for (const name of readdirSync(folder)) truncateSync(join(folder, name), 100);
    assert.equal(kept(at()), null);
    assert.deepEqual(await loadPipeline(project.file, {}, { keepIn: folder }), read);
    assert.notEqual(kept(at()), null);
  });

  test('is read where nothing can be kept', async () => {
    project.write('pipeline.yaml', TEXT);
    writeFileSync(join(project.root, 'a-file'), '');
    assert.ok((await loadPipeline(project.file, {}, { keepIn: join(project.root, 'a-file') })).ok);
  });

  test('problems are not kept', async () => {
    project.write('pipeline.yaml', 'stages: {}\n');
    assert.ok(!(await loadPipeline(project.file, {}, { keepIn: folder })).ok);
    assert.equal(kept(at('stages: {}\n')), null);
  });

  test('a file that is not there says so', async () => {
    const read = await loadPipeline(join(project.root, 'none.yaml'));
    assert.ok(!read.ok && read.error.reason === 'usage');
  });
});
