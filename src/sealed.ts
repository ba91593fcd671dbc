import { sha256 } from './digest.ts';

/**
 * The text of an object whose first member vouches for its place and for all that follows, byte by byte: what is cut
 * short, flipped or moved elsewhere is not read as if it were whole.
 * @param place what the text is of: the same text elsewhere does not count.
 */
export function seal(place: string, value: object, indent?: number): string {
  const rest = `${JSON.stringify(value, null, indent).slice(1)}\n`;
  return sealOf(place, rest) + rest;
}

/** What was sealed for this place, or `null`. */
export function unseal<T>(place: string, text: string): T | null {
  const rest = text.slice(LENGTH);
  if (text.slice(0, LENGTH) !== sealOf(place, rest)) return null;
  const value = JSON.parse(text);
  delete value.sha256;
  return value;
}

const sealOf = (place: string, rest: string): string => `{ "sha256": "${sha256(`${place}\n${rest}`)}",`;

const LENGTH = sealOf('', '').length;
