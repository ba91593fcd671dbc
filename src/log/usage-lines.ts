import { size } from './size.ts';
import { alignColumns } from './table.ts';

/** What takes the room in a store, a line a stage. */
export function usageLines(of: {
  readonly root: string;
  readonly stages: readonly { stage: string; records: number; files: number; bytes: number; own: number }[];
  readonly bytes: number;
  readonly needed: number;
  readonly unused: number;
  readonly beside: readonly { folder: string; bytes: number }[];
}): readonly string[] {
  const stages = of.stages.map(({ stage, records, files, bytes, own }) => [
    stage,
    `${records} ${records === 1 ? 'result' : 'results'}`,
    `${files} files`,
    size(bytes),
    own < bytes ? `of them its own ${size(own)}` : '',
  ]);
  return [
    ...alignColumns(stages),
    `${of.root}: ${size(of.bytes)}, of which the last runs need ${size(of.needed)}${of.unused > 0 ? ` and nothing ${size(of.unused)}` : ''}`,
    ...(of.beside.length === 0
      ? []
      : [`besides ${of.beside.map(({ folder, bytes }) => `${folder} ${size(bytes)}`).join(', ')}`]),
  ];
}

/** What a collection removes, or would. */
export function collectionLines(of: {
  readonly records: readonly { readonly record: { readonly stage: string; readonly startedAt: string } }[];
  readonly blobs: readonly unknown[];
  readonly paths: readonly string[];
  readonly bytes: number;
  readonly left: number;
  readonly needed: number;
  readonly done: boolean;
}): readonly string[] {
  const rows = of.records.map(({ record }) => [
    record.startedAt.slice(0, 19).replace('T', ' '),
    record.stage,
  ]);
  const what = `${of.records.length} results, ${of.blobs.length} files (${size(of.bytes)}) and ${of.paths.length} other things`;
  return [
    ...alignColumns(rows),
    `${of.done ? 'Removed' : 'Would remove'} ${what}; ${size(of.left)} stay, ${of.needed} results are needed by the last runs.`,
    ...(of.done || of.records.length + of.blobs.length + of.paths.length === 0
      ? []
      : ['Nothing was removed: `bloodline gc --delete` with the same limits does it.']),
  ];
}
