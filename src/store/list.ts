import { readdirSync } from 'node:fs';

/** What a folder holds; nothing where there is none. */
export function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
