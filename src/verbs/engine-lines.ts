import { homedir } from 'node:os';
import type { EngineStatus } from '../engine/status.ts';
import { alignColumns } from '../log/table.ts';

/** The engines as a table for people. */
export function engineLines(engines: readonly EngineStatus[]): readonly string[] {
  const head = ['', 'engine', 'state', 'TensorFlow', 'size', 'computes on', 'where', 'to do'];
  const rows = engines.map(({ engine, kind, state, tensorflow, bytes, folder, device, chosen, note }) => [
    chosen ? '→' : '',
    kind === null ? engine : `${engine} (${kind})`,
    state.replaceAll('-', ' '),
    tensorflow ?? '–',
    bytes > 0 ? `${Math.round(bytes / 1e6)} MB` : '–',
    device ?? '–',
    state === 'built-in' || folder === null ? '–' : folder.replace(homedir(), '~'),
    note ?? '–',
  ]);
  return [...alignColumns([head, ...rows]), '→: what `engine: auto` takes on this machine'];
}
