import type { Artifact, StageRecord } from '../store/record.ts';
import { duration, figure } from './sentences.ts';
import { size } from './size.ts';
import { alignColumns } from './table.ts';

/** A stage's record as lines for people. */
export function shownLines(
  shown: readonly { readonly record: StageRecord; readonly files: Readonly<Record<string, string>> }[],
): readonly string[] {
  return shown.flatMap(({ record, files }, index) => {
    const rows: string[][] = [
      ['key', record.key],
      ['ran', `${record.startedAt}, ${duration(record.ms)}, in run ${record.run}`],
    ];
    for (const [name, value] of Object.entries(record.parts.params))
      rows.push([`param ${name}`, JSON.stringify(value)]);
    for (const [name, value] of Object.entries(record.metrics)) rows.push([`metric ${name}`, figure(value)]);
    for (const [name, value] of Object.entries(record.facts))
      rows.push([name, typeof value === 'string' ? value : JSON.stringify(value)]);
    for (const warning of record.warnings) rows.push(['warning', warning]);
    for (const [name, artifact] of Object.entries(record.outputs))
      rows.push([`output ${name}`, `${files[name]} (${amount(artifact)})`]);
    return [...(index > 0 ? [''] : []), record.stage, ...alignColumns(rows).map((line) => `  ${line}`)];
  });
}

const amount = ({ files, bytes }: Artifact): string =>
  `${files === 1 ? '1 file' : `${files} files`}, ${size(bytes)}`;
