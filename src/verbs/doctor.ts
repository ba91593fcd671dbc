import { existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { openStore } from '../store/store.ts';
import { checkEngine } from './check-engine.ts';
import { openWorkspace, storeFolder, type Where } from './workspace.ts';

export interface Finding {
  readonly what: string;
  /** `advice`: it works without, and could be better. */
  readonly state: 'ok' | 'advice' | 'broken';
  readonly text: string;
}

const ROOM_BYTES = 2e9;

/** `bloodline doctor`: what this machine and this folder have, and what to do about what they have not. */
export async function doctor(where: Where): Promise<readonly Finding[]> {
  const file = resolve(where.folder, where.file);
  return [
    node(),
    await sharp(),
    await checkEngine(),
    disk(storeFolder(file)),
    await store(file),
    await pipeline(where),
  ];
}

function node(): Finding {
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
  const enough = major > 20 || (major === 20 && minor >= 11);
  return enough
    ? { what: 'node', state: 'ok', text: process.version }
    : { what: 'node', state: 'broken', text: `${process.version}; 20.11 or newer is needed: nodejs.org` };
}

async function sharp(): Promise<Finding> {
  try {
    const { default: sharp } = await import('sharp');
    await sharp({ create: { width: 2, height: 2, channels: 3, background: '#000' } })
      .raw()
      .toBuffer();
    return {
      what: 'sharp',
      state: 'ok',
      text: `${sharp.versions.sharp ?? ''} over libvips ${sharp.versions.vips}`,
    };
  } catch (error) {
    const text = `${(error as Error).message.split('\n')[0]}: run \`npm ci\` on this machine (its files are per platform)`;
    return { what: 'sharp', state: 'broken', text };
  }
}

function disk(folder: string): Finding {
  let there = folder;
  while (!existsSync(there)) there = dirname(there);
  const { bavail, bsize } = statfsSync(there);
  const free = `${((bavail * bsize) / 1e9).toFixed(1)} GB free at ${there}`;
  return bavail * bsize >= ROOM_BYTES
    ? { what: 'disk', state: 'ok', text: free }
    : { what: 'disk', state: 'advice', text: `${free}; a full experiment wants some GB` };
}

async function store(file: string): Promise<Finding> {
  // Looking makes no folder.
  if (!existsSync(storeFolder(file)))
    return { what: 'store', state: 'ok', text: `${storeFolder(file)} (the first run makes it)` };
  const opened = await openStore(storeFolder(file));
  const refused = opened.ok ? opened.value.readOnly : opened.error;
  if (opened.ok && refused === null) return { what: 'store', state: 'ok', text: opened.value.root };
  const { message, help } = refused as { message: string; help?: string };
  return { what: 'store', state: 'broken', text: [message, help].filter(Boolean).join(' ') };
}

async function pipeline(where: Where): Promise<Finding> {
  const workspace = await openWorkspace(where);
  if (workspace.ok) {
    const { name, stages } = workspace.value.pipeline;
    return { what: 'pipeline', state: 'ok', text: `${name}, ${stages.length} stages` };
  }
  const { error } = workspace;
  const help = 'help' in error && error.help ? `: ${error.help}` : '';
  const text =
    'diagnostics' in error
      ? `${error.diagnostics.length} problems: \`bloodline status\` shows them`
      : 'message' in error
        ? `${error.message}${help}`
        : error.reason;
  return { what: 'pipeline', state: 'broken', text };
}
