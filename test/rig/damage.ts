import { chmodSync, lstatSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';

/** What disks, people and programs do to a file. */
export const DAMAGES: Readonly<Record<string, (path: string) => void>> = {
  'a flipped bit in the middle': (path) => {
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 4;
    writeFileSync(path, bytes);
  },
  'cut short': (path) => truncateSync(path, Math.max(0, lstatSync(path).size - 3)),
  emptied: (path) => truncateSync(path, 0),
  gone: (path) => rmSync(path),
  'a folder in its place': (path) => {
    rmSync(path);
    mkdirSync(path);
  },
  /** Root reads it all the same: see UNPRIVILEGED. */
  unreadable: (path) => chmodSync(path, 0),
};

/** Before a command: root does not get past the modes of files, where `setpriv` (Linux) takes that right away. */
export const UNPRIVILEGED: readonly string[] =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];
