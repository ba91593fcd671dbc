/** Text from data in a table cell or a sentence of Markdown: no markup, no second column. */
export const plain = (text: string): string =>
  text.replace(/[\\`*_{}[\]<>#|~]/g, (character) => `\\${character}`).replace(/\s+/g, ' ');
