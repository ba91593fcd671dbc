import { readFileSync } from 'node:fs';
import { type BlobDigest, sha256, type TreeDigest } from '../digest.ts';
import { canonicalJson } from '../json.ts';
import { layout } from './layout.ts';
import { writeWhole } from './write.ts';

export type TreeEntry =
  | { readonly kind: 'file'; readonly digest: BlobDigest; readonly bytes: number }
  | { readonly kind: 'folder'; readonly digest: TreeDigest };

/**
 * One folder: its entries by name. Its digest is that of its canonical JSON, and covers all below it. Empty folders
 * count; modes, owners and times do not.
 */
export type TreeNode = { readonly [name: string]: TreeEntry };

export function treeDigest(node: TreeNode): TreeDigest {
  return sha256(canonicalJson(node));
}

export function writeTree(root: string, node: TreeNode): TreeDigest {
  const text = canonicalJson(node);
  const digest = sha256<'folder node'>(text);
  if (readTree(root, digest) === null) writeWhole(root, layout.tree(root, digest), text);
  return digest;
}

/** `null`: missing, or its text is not what its name says. */
export function readTree(root: string, digest: TreeDigest): TreeNode | null {
  let text: string;
  try {
    text = readFileSync(layout.tree(root, digest), 'utf8');
  } catch {
    return null;
  }
  return sha256(text) === digest ? JSON.parse(text) : null;
}
