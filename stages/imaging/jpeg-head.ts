/** A colour component of a JPEG. */
export interface Component {
  readonly id: number;
  /** Samples across and down for each of the coarsest component's. */
  readonly h: number;
  readonly v: number;
  readonly factors: Uint8Array;
  /** Huffman tables as they stand in the file: 16 counts, then symbols. */
  readonly dc: Uint8Array;
  readonly ac: Uint8Array;
}

/** What a JPEG file says before its one scan. */
export interface JpegHead {
  readonly width: number;
  readonly height: number;
  readonly components: readonly Component[];
  /** Where the scan's first byte lies. */
  readonly scan: number;
}

/**
 * Reads the head of the plainest and most common kind of JPEG: baseline, 8 bits, grey or YCbCr with chroma at full or
 * half width and height, one scan, upright, no colour profile. null for every other file, damaged ones too.
 */
export function readJpegHead(bytes: Uint8Array): JpegHead | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < 4 || view.readUInt16BE(0) !== 0xffd8) return null;
  const factors: Uint8Array[] = [];
  const tables = { dc: [] as Uint8Array[], ac: [] as Uint8Array[] };
  let frame: { width: number; height: number; parts: readonly Uint8Array[] } | null = null;
  let known = false; // that its colours are YCbCr
  for (let at = 2; at + 4 <= view.length; ) {
    if (view[at] !== 0xff) return null;
    const marker = view[at + 1]!;
    const length = view.readUInt16BE(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > view.length) return null;
    const body = view.subarray(at + 4, end);
    at = end;
    if (marker === 0xdb) {
      for (let i = 0; i < body.length; i += 65) {
        if (body[i]! > 3 || i + 65 > body.length) return null;
        factors[body[i]!] = body.subarray(i + 1, i + 65);
      }
    } else if (marker === 0xc4) {
      for (let i = 0; i < body.length; ) {
        const [kind, number] = [body[i]! >> 4, body[i]! & 15];
        let symbols = 0;
        for (let bits = 1; bits <= 16; bits++) symbols += body[i + bits] ?? 0;
        const next = i + 17 + symbols;
        if (kind > 1 || number > 3 || symbols > 256 || next > body.length) return null;
        tables[kind === 0 ? 'dc' : 'ac'][number] = body.subarray(i + 1, next);
        i = next;
      }
    } else if (marker === 0xc0) {
      if (frame !== null || body.length < 6 || body[0] !== 8 || body.length !== 6 + 3 * body[5]!) return null;
      const parts = Array.from({ length: body[5]! }, (_, i) => body.subarray(6 + 3 * i, 9 + 3 * i));
      frame = { height: body.readUInt16BE(1), width: body.readUInt16BE(3), parts };
    } else if (marker === 0xda) {
      if (frame === null) return null;
      const components = scanned(frame.parts, body, factors, tables);
      if (components === null || !(known || usualIds(components))) return null;
      return { width: frame.width, height: frame.height, components, scan: end };
    } else if (marker === 0xe0) {
      if (body.toString('latin1', 0, 5) === 'JFIF\0') known = true;
    } else if (marker === 0xe1) {
      if (body.toString('latin1', 0, 5) === 'Exif\0' && !upright(body.subarray(6))) return null;
    } else if (marker === 0xe2) {
      if (body.toString('latin1', 0, 11) === 'ICC_PROFILE') return null;
    } else if (marker === 0xee) {
      if (body.toString('latin1', 0, 5) === 'Adobe') return null;
    } else if (!(marker >= 0xe3 && marker <= 0xef) && marker !== 0xfe) {
      return null; // progressive, arithmetic, restarts and what else there is
    }
  }
  return null;
}

/** The frame's components with what the scan gives each; null where it is not one of the kinds that are read here. */
function scanned(
  parts: readonly Uint8Array[],
  scan: Uint8Array,
  factors: readonly Uint8Array[],
  tables: { readonly dc: readonly Uint8Array[]; readonly ac: readonly Uint8Array[] },
): Component[] | null {
  const count = parts.length;
  if ((count !== 1 && count !== 3) || scan.length !== 4 + 2 * count || scan[0] !== count) return null;
  const [from, to, precision] = scan.subarray(1 + 2 * count);
  if (from !== 0 || to !== 63 || precision !== 0) return null;
  const components: Component[] = [];
  for (const [i, part] of parts.entries()) {
    const [id, sampling, table] = part as unknown as [number, number, number];
    const chosen = scan[2 + 2 * i]!;
    const own = factors[table];
    const dc = tables.dc[chosen >> 4];
    const ac = tables.ac[chosen & 15];
    if (scan[1 + 2 * i] !== id || own === undefined || dc === undefined || ac === undefined) return null;
    // A single component has no blocks but its own, whatever its factors say.
    const [h, v] = count === 1 ? [1, 1] : [sampling >> 4, sampling & 15];
    components.push({ id, h, v, factors: own, dc, ac });
  }
  const luma = components[0]!;
  const usual = components.slice(1).every(({ h, v }) => h === 1 && v === 1);
  return usual && luma.h <= 2 && luma.v <= luma.h && luma.h * luma.v > 0 ? components : null;
}

const usualIds = (components: readonly Component[]): boolean =>
  components.every(({ id }, i) => components.length === 1 || id === i + 1);

/** Whether Exif data (a TIFF head and its first directory) say nothing of turning the picture, or say not to. */
function upright(tiff: Buffer): boolean {
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number): number => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  try {
    const directory = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
    for (let i = 0; i < short(directory); i++) {
      const entry = directory + 2 + 12 * i;
      if (short(entry) === 0x0112) return short(entry + 8) === 1;
    }
    return true;
  } catch {
    return false; // it ends too early: let others make sense of it
  }
}
