export interface ArrayPlace {
  /** null: the file has only one, without a name. */
  readonly name: string | null;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly type: ElementType;
}

export interface ElementType {
  readonly bytes: number;
  read(view: DataView): number | string;
}

/** NumPy's names of types, without the sign of the byte order. */
const TYPES: Readonly<Record<string, (view: DataView, little: boolean) => number | string>> = {
  f4: (view, little) => view.getFloat32(0, little),
  f8: (view, little) => view.getFloat64(0, little),
  i1: (view) => view.getInt8(0),
  i2: (view, little) => view.getInt16(0, little),
  i4: (view, little) => view.getInt32(0, little),
  i8: (view, little) => String(view.getBigInt64(0, little)),
  u1: (view) => view.getUint8(0),
  u2: (view, little) => view.getUint16(0, little),
  u4: (view, little) => view.getUint32(0, little),
  u8: (view, little) => String(view.getBigUint64(0, little)),
  b1: (view) => view.getUint8(0),
};

/** `<f4`: little-endian float32; null: one that is not known. */
export function elementType(name: string): ElementType | null {
  const [, order, type] = /^([<>|=])([a-z]\d)$/.exec(name) ?? [];
  const read = type === undefined ? undefined : TYPES[type];
  if (read === undefined) return null;
  return { bytes: Number(type![1]), read: (view) => read(view, order !== '>') };
}

export const FLOAT32 = elementType('<f4') as ElementType;

/** The array that a byte lies in, and which of its elements it belongs to. */
export function elementAt(
  arrays: readonly ArrayPlace[],
  byte: number,
): { readonly array: ArrayPlace; readonly index: readonly number[]; readonly at: number } | null {
  for (const array of arrays) {
    const count = array.shape.reduce((product, side) => product * side, 1);
    const element = Math.floor((byte - array.offset) / array.type.bytes);
    if (byte < array.offset || element >= count) continue;
    const index: number[] = [];
    let rest = element;
    for (const side of array.shape.toReversed()) {
      index.unshift(rest % side);
      rest = Math.floor(rest / side);
    }
    return { array, index, at: array.offset + element * array.type.bytes };
  }
  return null;
}
