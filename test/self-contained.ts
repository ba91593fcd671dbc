import assert from 'node:assert/strict';

const VOID = new Set(['meta', 'br', 'img', 'link', 'input', 'hr', 'wbr', 'path', 'rect']);

/** A page needs nothing from outside, and each of its tags is closed in order. */
export function assertSelfContained(page: string): void {
  assert.match(page, /^<!doctype html>/);
  assert.doesNotMatch(page, /<link\b|<base\b|@import|<script[^>]*\bsrc=/);
  // Name spaces are names; the rest would be fetched.
  const outside = page.match(/(?:src|href|action|poster)="(?!data:|#)[^"]*"|url\((?!#|data:)[^)]*\)/g) ?? [];
  assert.deepEqual(outside, []);
  const open: string[] = [];
  const text = page.replace(/<(script|style)\b[^>]*>.*?<\/\1>/gs, '').replace(/="[^"]*"/g, '=""');
  for (const [, close, name, self] of text.matchAll(/<(\/?)([a-zA-Z][\w-]*)[^<>]*?(\/?)>/g)) {
    if (self === '/' || (close === '' && VOID.has(name!) && !text.includes(`</${name}>`))) continue;
    if (close === '') open.push(name!);
    else assert.equal(open.pop(), name, `</${name}> closes another tag`);
  }
  assert.deepEqual(open, []);
}
