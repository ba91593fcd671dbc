import { existsSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { layout } from './layout.ts';
import type { Artifact } from './record.ts';
import { temporaryName } from './temporary.ts';

/** Whether `latest/<stage>/` shows exactly these artifacts already; two looks an output. */
export function showsLatest(
  root: string,
  stage: string,
  outputs: Readonly<Record<string, Artifact>>,
): boolean {
  return Object.entries(outputs).every(([output, artifact]) => {
    try {
      const link = join(layout.latest(root, stage), output);
      return readlinkSync(link) === target(root, stage, artifact) && existsSync(link);
    } catch {
      return false;
    }
  });
}

/** Points `latest/<stage>/<output>` at the artifacts, each link by rename; outputs that are no more are taken out. */
export function showLatest(root: string, stage: string, outputs: Readonly<Record<string, Artifact>>): void {
  const folder = layout.latest(root, stage);
  mkdirSync(folder, { recursive: true });
  for (const [output, artifact] of Object.entries(outputs)) {
    const link = temporaryName(root);
    mkdirSync(layout.tmp(root), { recursive: true });
    symlinkSync(target(root, stage, artifact), link);
    renameSync(link, join(folder, output));
  }
  for (const name of readdirSync(folder)) {
    if (!Object.hasOwn(outputs, name)) rmSync(join(folder, name), { force: true });
  }
}

/** Relative, so that a store may be moved. */
function target(root: string, stage: string, artifact: Artifact): string {
  const path =
    artifact.kind === 'file' ? layout.blob(root, artifact.digest) : layout.checkout(root, artifact.digest);
  return relative(layout.latest(root, stage), path);
}
