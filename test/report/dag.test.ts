import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Pipeline } from '../../src/pipeline/pipeline.ts';
import { readPipeline } from '../../src/pipeline/read-pipeline.ts';
import { drawDag } from '../../src/report/dag/draw.ts';

const TEXT = `
name: smears & "more"
stages:
  ingest: { command: [x], outputs: [images, samples] }
  split: { command: [x], inputs: { samples: ingest.samples }, outputs: [parts] }
  train:
    matrix: { model: [a, b] }
    command: [x, "\${model}"]
    inputs: { images: ingest.images, samples: ingest.samples, parts: split.parts }
    outputs: [weights]
  compare: { command: [x], inputs: { weights: train.weights }, outputs: [page] }
  alone: { command: [x], outputs: [o] }
`;

function pipeline(text = TEXT): Pipeline {
  const read = readPipeline('/nowhere/pipeline.yaml', text);
  assert.ok(read.ok);
  return read.value;
}
const states = { ingest: 'cached', split: 'will-run', 'train@a': 'waits', 'train@b': 'failed' } as const;

describe('the DAG', () => {
  test('as text', async () => {
    assert.equal(
      await drawDag(pipeline(), { states }),
      `\
● ingest       cached
├─╮
│ ● split      will run
├─┼─╮
│ │ ● train@a  waits
├─╯ │
●   │ train@b  failed
├───╯
● compare
● alone
`,
    );
  });

  test('a chain needs one column', async () => {
    const chain = Array.from(
      { length: 4 },
      (_, index) =>
        `  s${index}: { command: [x], outputs: [o]${index === 0 ? '' : `, inputs: { i: s${index - 1}.o }`} }\n`,
    );
    assert.equal(await drawDag(pipeline(`stages:\n${chain.join('')}`)), '● s0\n● s1\n● s2\n● s3\n');
  });

  test('for Mermaid', async () => {
    assert.equal(
      await drawDag(pipeline(), { format: 'mermaid', states }),
      `\
flowchart TD
  n0["ingest<br>cached"]:::cached
  n1["split<br>will run"]:::will-run
  n2["train@a<br>waits"]:::waits
  n3["train@b<br>failed"]:::failed
  n4["compare"]
  n5["alone"]
  n0 --> n1
  n0 --> n2
  n1 --> n2
  n0 --> n3
  n1 --> n3
  n2 --> n4
  n3 --> n4
  classDef cached stroke:#8a8f98,stroke-width:2px
  classDef will-run stroke:#2f6fde,stroke-width:2px
  classDef waits stroke:#2f6fde,stroke-dasharray:4 3,stroke-width:2px
  classDef failed stroke:#d03b3b,stroke-width:2px
`,
    );
  });

  test('for Graphviz', async () => {
    const dot = await drawDag(pipeline(), { format: 'dot', states });
    assert.match(dot, /^digraph "smears & \\"more\\"" \{\n/);
    assert.match(dot, / {2}"ingest" \[label="ingest\\ncached", class="cached"\];\n/);
    assert.match(dot, / {2}"ingest" -> "train@a" \[tooltip="images, samples"\];\n/);
  });

  test('as SVG: every stage, the edges that do not follow from others, the same each time, well-formed', async () => {
    const svg = await drawDag(pipeline(), { format: 'svg', states });
    assert.equal(svg, await drawDag(pipeline(), { format: 'svg', states }));
    assert.equal(svg.match(/<g class="dag-node/g)?.length, 6);
    // ingest → train follows from ingest → split → train.
    assert.equal(svg.match(/class="dag-edge"/g)?.length, 5);
    assert.match(svg, /<title>train@a needs ingest \(images, samples\), split \(parts\)<\/title>/);
    assert.match(svg, /aria-label="DAG of smears &amp; &quot;more&quot;"/);
    assert.match(svg, /<g class="dag-node dag-failed">/);
    const { XMLValidator } = await import('fast-xml-parser');
    assert.equal(XMLValidator.validate(svg), true);
  });
});
