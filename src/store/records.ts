import { readFileSync } from 'node:fs';
import { type CacheKey, type OutputsDigest, sha256OfJson } from '../digest.ts';
import { seal, unseal } from '../sealed.ts';
import { layout } from './layout.ts';
import { list } from './list.ts';
import type { StageRecord } from './record.ts';
import type { RecordIndex } from './record-index.ts';
import { validate } from './validate-record.generated.ts';
import { appendLine, writeWhole } from './write.ts';

export function outputsDigest(outputs: StageRecord['outputs']): OutputsDigest {
  const digests = Object.entries(outputs).map(([name, artifact]) => [name, artifact.digest]);
  return sha256OfJson(Object.fromEntries(digests));
}

/** Names of a record's outputs that any of others of its key has with other bytes. */
export function differingOutputs(record: StageRecord, others: readonly StageRecord[]): readonly string[] {
  return Object.entries(record.outputs)
    .filter(([output, { digest }]) => others.some((other) => other.outputs[output]?.digest !== digest))
    .map(([output]) => output);
}

/** All readable records of a key, the one to use first: the oldest. Damaged ones do not count. */
export function recordsOfKey(root: string, key: CacheKey): readonly StageRecord[] {
  const records = list(layout.recordsOfKey(root, key)).flatMap((name) => {
    const record = name.endsWith('.json') ? readFitting(root, key, name.slice(0, -5) as OutputsDigest) : null;
    return record === null ? [] : [record];
  });
  return records.sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0));
}

/** Records that a stage instance made, latest first; at most `limit`. */
export function recordsOfStage(root: string, stage: string, limit: number): readonly StageRecord[] {
  let text: string;
  try {
    text = readFileSync(layout.history(root, stage), 'utf8');
  } catch {
    return [];
  }
  const records: StageRecord[] = [];
  const seen = new Set<string>();
  for (const line of text.split('\n').reverse()) {
    const [key, outputs] = line.split(' ');
    if (key === undefined || outputs === undefined || seen.has(line)) continue;
    seen.add(line);
    const record = readFitting(root, key as CacheKey, outputs as OutputsDigest);
    if (record !== null) records.push(record);
    if (records.length === limit) break;
  }
  return records;
}

/** Makes a record visible, and says in the history of its stage that it is the latest. */
export function writeRecord(root: string, index: RecordIndex, record: StageRecord): void {
  const outputs = outputsDigest(record.outputs);
  // Of two executions with the same bytes the first one's record stays, so that a hit is always the same.
  if (readRecord(root, record.key, outputs) === null) {
    writeWhole(root, layout.record(root, record.key, outputs), recordText(record.key, record));
  }
  index.add(record.key, outputs);
  appendLine(root, layout.history(root, record.stage), `${record.key} ${outputs}`);
}

/** `null`: missing, damaged, of another version, or not the record that its place says. */
export function readRecord(root: string, key: CacheKey, outputs: OutputsDigest): StageRecord | null {
  let text: string;
  try {
    text = readFileSync(layout.record(root, key, outputs), 'utf8');
  } catch {
    return null;
  }
  const record = unseal<StageRecord>(`${key}/${outputs}`, text);
  return record !== null && record.format === 1 && record.key === key && hasArtifacts(record) ? record : null;
}

/**
 * What is relied on when a record is used as a hit: digests become paths, and a record may come from elsewhere with a
 * checksum that fits. All of the schema would cost a run with nothing to do a tenth.
 */
function hasArtifacts({ outputs }: StageRecord): boolean {
  if (typeof outputs !== 'object' || outputs === null) return false;
  for (const name in outputs) {
    const { kind, digest } = outputs[name] ?? {};
    if ((kind !== 'file' && kind !== 'folder') || typeof digest !== 'string') return false;
    if (!HEX.test(digest) || !NAME.test(name)) return false;
  }
  return true;
}

const HEX = /^[0-9a-f]{64}$/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

/** A record that fits `schemas/record.schema.json`; to be asked wherever more of it is read than its outputs. */
export function readFitting(root: string, key: CacheKey, outputs: OutputsDigest): StageRecord | null {
  const record = readRecord(root, key, outputs);
  return record !== null && validate(record) ? record : null;
}

export const recordText = (key: CacheKey, record: StageRecord): string =>
  seal(`${key}/${outputsDigest(record.outputs)}`, record, 1);
