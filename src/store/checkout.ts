import { chmodSync, constants, copyFileSync, linkSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { TreeDigest } from '../digest.ts';
import { fail, ok, type Result } from '../failure.ts';
import { blobName, checkArtifact, checkFile, checkFolder, type Damage, lookAt } from './artifact.ts';
import { layout } from './layout.ts';
import type { Artifact } from './record.ts';
import { setAside } from './set-aside.ts';
import type { StatIndex } from './stat-index.ts';
import { temporaryName } from './temporary.ts';
import { readTree } from './tree.ts';
import { moveInto } from './write.ts';

/**
 * Absolute path of an artifact, ready for a stage to read: the blob of a file, a laid-out folder for a folder. Every
 * byte is known to fit the digest when this returns. What does not fit is set aside, and the answer names it.
 *
 * A folder is laid out once for its digest and handed out again and again: a new hard link would change the ctime of
 * its files, and so force them to be read again.
 */
export async function checkout(
  root: string,
  index: StatIndex,
  artifact: Artifact,
): Promise<Result<string, Damage>> {
  if (artifact.kind === 'file') {
    const path = layout.blob(root, artifact.digest);
    const damage = await checkFile(index, path, artifact.digest);
    if (damage === null) return ok(path);
    if (damage.what !== 'missing') setAside(root, path);
    return fail(damage);
  }
  const path = layout.checkout(root, artifact.digest);
  if (lookAt(path) !== null) {
    const damage = await checkFolder(root, index, path, artifact.digest);
    if (damage === null) return ok(path);
    const blobs = await setAsideDamaged(root, index, artifact);
    // The files it was laid out from are whole: only the view of them was touched, so it is laid out anew.
    if (blobs.length > 0) return fail(damage);
  }
  const damage = await checkArtifact(root, index, artifact);
  if (damage !== null) {
    await setAsideDamaged(root, index, artifact);
    return fail(damage);
  }
  const temporary = temporaryName(root);
  try {
    layOut(root, index, artifact.digest, temporary);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    const { code, path: at, dest = at } = error as NodeJS.ErrnoException & { readonly dest?: string };
    throw code === 'EEXIST' && dest !== undefined ? clash(path, relative(temporary, dest)) : error;
  }
  try {
    moveInto(temporary, path);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    // Another process laid it out meanwhile.
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    const damage = await checkFolder(root, index, path, artifact.digest);
    return damage === null ? ok(path) : fail(damage);
  }
  return ok(path);
}

/**
 * Sets aside everything of an artifact that does not fit: its laid-out folder, tree nodes, blobs. Returns the paths in
 * the store that are gone or were moved because their own bytes were wrong (an artifact with none can be laid out anew).
 */
export async function setAsideDamaged(
  root: string,
  index: StatIndex,
  artifact: Artifact,
): Promise<readonly string[]> {
  const bad: string[] = [];
  if (artifact.kind === 'folder') {
    const laidOut = layout.checkout(root, artifact.digest);
    if (lookAt(laidOut) !== null && (await checkFolder(root, index, laidOut, artifact.digest)) !== null) {
      setAside(root, laidOut);
    }
  }
  for (;;) {
    const damage = await checkArtifact(root, index, artifact);
    if (damage === null || bad.includes(damage.damaged)) return bad;
    setAside(root, damage.damaged);
    bad.push(damage.damaged);
    if (damage.what === 'missing') return bad;
  }
}

/** In a folder that is new something is there already: this file system takes two names for one. */
function clash(path: string, name: string): NodeJS.ErrnoException {
  const message =
    `this file system does not tell the name ${JSON.stringify(name)} from another one in its folder ` +
    '(upper and lower case, or accents): keep the store on one that does';
  return Object.assign(new Error(message), { code: 'EEXIST', path });
}

function layOut(root: string, index: StatIndex, digest: TreeDigest, to: string): void {
  mkdirSync(to);
  for (const [name, entry] of Object.entries(readTree(root, digest) ?? {})) {
    const at = join(to, name);
    if (entry.kind === 'folder') {
      layOut(root, index, entry.digest, at);
      continue;
    }
    const blob = layout.blob(root, entry.digest);
    try {
      linkSync(blob, at);
    } catch (error) {
      // No hard links on this file system, or too many of this file.
      if (!['EMLINK', 'EPERM', 'EXDEV', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error;
      copyFileSync(blob, at, constants.COPYFILE_EXCL);
      chmodSync(at, 0o444);
      continue;
    }
    // The link changed the ctime of the inode, by our own doing.
    const stats = lookAt(at);
    if (stats !== null) index.remember(blobName(entry.digest), entry.digest, stats);
  }
}
