import { stripVTControlCharacters } from 'node:util';

/**
 * Text that came from a stage, without what would move the cursor, clear the screen or switch it. Line breaks and tabs
 * stay.
 */
export const harmless = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/\r\n/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, ' ');
