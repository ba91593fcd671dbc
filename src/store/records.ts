import { readdirSync, readFileSync } from 'node:fs';
import { type CacheKey, type OutputsDigest, sha256, sha256OfJson } from '../digest.ts';
import { layout } from './layout.ts';
import type { StageRecord } from './record.ts';
import type { RecordIndex } from './record-index.ts';
import { appendLine, writeWhole } from './write.ts';

export function outputsDigest(outputs: StageRecord['outputs']): OutputsDigest {
  const digests = Object.entries(outputs).map(([name, artifact]) => [name, artifact.digest]);
  return sha256OfJson(Object.fromEntries(digests));
}

/** All readable records of a key, the one to use first: the oldest. Damaged ones do not count. */
export function recordsOfKey(root: string, key: CacheKey): readonly StageRecord[] {
  const folder = layout.recordsOfKey(root, key);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const records = names.flatMap((name) => {
    const record = name.endsWith('.json') ? readRecord(root, key, name.slice(0, -5) as OutputsDigest) : null;
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
    const record = readRecord(root, key as CacheKey, outputs as OutputsDigest);
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
    writeWhole(root, layout.record(root, record.key, outputs), withChecksum(record.key, outputs, record));
  }
  index.add(record.key, outputs);
  appendLine(root, layout.history(root, record.stage), `${record.key} ${outputs}`);
}

/** `null`: missing, damaged, or not the record that its place says. */
export function readRecord(root: string, key: CacheKey, outputs: OutputsDigest): StageRecord | null {
  let text: string;
  try {
    text = readFileSync(layout.record(root, key, outputs), 'utf8');
  } catch {
    return null;
  }
  const rest = text.slice(CHECKSUM_LENGTH);
  if (text.slice(0, CHECKSUM_LENGTH) !== checksum(key, outputs, rest)) return null;
  const { sha256: _, ...record } = JSON.parse(text);
  return record.format === 1 ? record : null;
}

/** The first member of a record's JSON vouches for its place and for all that follows, byte by byte. */
function withChecksum(key: CacheKey, outputs: OutputsDigest, record: StageRecord): string {
  const rest = `${JSON.stringify(record, null, 1).slice(1)}\n`;
  return checksum(key, outputs, rest) + rest;
}

function checksum(key: CacheKey, outputs: OutputsDigest, rest: string): string {
  return `{ "sha256": "${sha256(`${key}/${outputs}\n${rest}`)}",`;
}

const CHECKSUM_LENGTH = checksum('' as CacheKey, '' as OutputsDigest, '').length;
