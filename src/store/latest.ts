import { existsSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { layout } from './layout.ts';
import type { Artifact } from './record.ts';
import { temporaryName } from './temporary.ts';

/**
 * Whether `latest/<stage>/` shows exactly these artifacts, which are known to be in the store: files under their names,
 * folders perhaps not laid out.
 */
export function showsLatest(
  root: string,
  stage: string,
  outputs: Readonly<Record<string, Artifact>>,
): boolean {
  const folder = layout.latest(root, stage);
  return Object.entries(outputs).every(([output, artifact]) => {
    try {
      const link = join(folder, output);
      return readlinkSync(link) === target(artifact) && (artifact.kind === 'file' || existsSync(link));
    } catch {
      return false;
    }
  });
}

/** Points `latest/<stage>/<output>` at the artifacts, each link at once; outputs that are no more are taken out. */
export function showLatest(root: string, stage: string, outputs: Readonly<Record<string, Artifact>>): void {
  const folder = layout.latest(root, stage);
  mkdirSync(folder, { recursive: true });
  for (const [output, artifact] of Object.entries(outputs)) {
    point(root, join(folder, output), target(artifact));
  }
  for (const name of readdirSync(folder)) {
    if (!Object.hasOwn(outputs, name)) rmSync(join(folder, name), { force: true });
  }
}

/** Straight into its place where nothing is there, which costs a third of a rename. */
function point(root: string, link: string, to: string): void {
  try {
    symlinkSync(to, link);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const temporary = temporaryName(root);
    mkdirSync(layout.tmp(root), { recursive: true });
    symlinkSync(to, temporary);
    renameSync(temporary, link);
  }
}

/** Relative to `latest/<stage>/`, so that a store may be moved. */
const target = ({ kind, digest }: Artifact): string =>
  kind === 'file' ? layout.blob('../..', digest) : layout.checkout('../..', digest);
