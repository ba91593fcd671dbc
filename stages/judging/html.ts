/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | null | false | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template whose values are escaped unless they are HTML; `null` and `false` leave nothing, lists are joined. */
export function html(texts: TemplateStringsArray, ...values: readonly Part[]): Html {
  let text = texts[0]!;
  for (const [i, value] of values.entries()) text += asHtml(value) + texts[i + 1]!;
  return { html: text };
}

/** Trusts a text that we made ourselves: an SVG, a style sheet. */
export const trusted = (text: string): Html => ({ html: text });

function asHtml(value: Part): string {
  if (value === null || value === false) return '';
  if (typeof value === 'object') return 'html' in value ? value.html : value.map(asHtml).join('');
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}
