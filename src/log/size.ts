import { figure } from './sentences.ts';

/** Bytes for people: 12 B, 3.4 kB, 120 MB. */
export function size(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${figure(bytes / 1e3)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`;
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
