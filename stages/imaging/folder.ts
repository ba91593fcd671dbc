import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { byCodeUnit } from './samples.ts';

/** Endings of image files, lower case; what else lies about is no image. */
const IMAGE = /\.(jpe?g|jpe|jfif|png|tiff?|webp|gif|avif|bmp)$/i;

export const isImage = (name: string): boolean => IMAGE.test(name);
/** What systems and editors leave behind. */
export const isHidden = (name: string): boolean =>
  name.startsWith('.') || name.startsWith('__MACOSX') || name === 'Thumbs.db' || name === 'desktop.ini';

export interface Listing {
  readonly folders: readonly string[];
  readonly files: readonly string[];
  readonly hidden: readonly string[];
}

/** What lies in a folder, each list sorted by code unit; links count as what they lead to. */
export function list(folder: string): Listing {
  const folders: string[] = [];
  const files: string[] = [];
  const hidden: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (isHidden(entry.name)) hidden.push(entry.name);
    else if (isFolder(join(folder, entry.name))) folders.push(entry.name);
    else files.push(entry.name);
  }
  return {
    folders: folders.sort(byCodeUnit),
    files: files.sort(byCodeUnit),
    hidden: hidden.sort(byCodeUnit),
  };
}

/** All files below a folder, as paths with `/`, sorted folder by folder. */
export function* filesBelow(folder: string, prefix = ''): Generator<{ path: string; hidden: boolean }> {
  const { folders, files, hidden } = list(join(folder, prefix));
  const at = (name: string): string => (prefix === '' ? name : `${prefix}/${name}`);
  for (const name of hidden) yield { path: at(name), hidden: true };
  for (const name of files) yield { path: at(name), hidden: false };
  for (const name of folders) yield* filesBelow(folder, at(name));
}

export const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();
export const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();
