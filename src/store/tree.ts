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

/** `null`: missing, or its text is not what its name says, or no folder's node. */
export function readTree(root: string, digest: TreeDigest): TreeNode | null {
  let text: string;
  try {
    text = readFileSync(layout.tree(root, digest), 'utf8');
  } catch {
    return null;
  }
  return sha256(text) === digest ? parseTree(text) : null;
}

/**
 * A node from its text; `null` for what is none. Names become parts of paths, and a node may come from elsewhere under a
 * digest that fits: none may lead out of its folder.
 */
export function parseTree(text: string): TreeNode | null {
  let node: unknown;
  try {
    node = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return null;
  for (const name in node) {
    if (!isPlainName(name)) return null;
    const { kind, digest, bytes } = (node as Record<string, Record<string, unknown> | null>)[name] ?? {};
    if (typeof digest !== 'string' || !HEX.test(digest)) return null;
    if (kind !== 'folder' && (kind !== 'file' || !Number.isSafeInteger(bytes) || Number(bytes) < 0))
      return null;
  }
  return node as TreeNode;
}

const HEX = /^[0-9a-f]{64}$/;

const isPlainName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');
