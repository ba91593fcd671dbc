import { sha256 } from '../digest.ts';
import { us, type Who } from '../store/who.ts';

/** In the environment of a stage and so of all that it starts: by it they are found, whatever session they went into. */
export const TOKEN = 'BLOODLINE_STAGE_TOKEN';

let count = 0;

/** A name for one attempt at a stage, that tells which store it works on and who runs it. */
export function newToken(root: string): string {
  count += 1;
  return `${prefix(root)}${count}`;
}

/** What the tokens of this process begin with; there is one before there is a child, so no child is without. */
export function prefix(root: string): string {
  const { host, pid, started } = us();
  return `${storeName(root)}:${host}:${pid}:${started ?? ''}:`;
}

/** Who runs the stage that has a token; `null` if it works on another store. */
export function runnerOf(token: string, root: string): Who | null {
  const [store, host, pid, started] = token.split(':');
  if (store !== storeName(root) || host === undefined || !/^\d+$/.test(pid ?? '')) return null;
  return { host, pid: Number(pid), started: started || null };
}

const storeName = (root: string): string => sha256<'store'>(root).slice(0, 12);
