import { escapeHtml, type Html, trusted } from './html.ts';

/**
 * The part of Markdown that reports use: headings, tables, lists, code blocks, paragraphs, bold, italic, code. All
 * else stays text, HTML in it too; links are shown as their text.
 */
export function markdownAsHtml(text: string): Html {
  const lines = text.split(/\r?\n/);
  const parts: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]!;
    const start = at;
    const take = (belongs: (line: string) => boolean): string[] => {
      while (at < lines.length && belongs(lines[at]!)) at++;
      return lines.slice(start, at);
    };
    if (line.trim() === '') at++;
    else if (line.startsWith('```')) {
      at++;
      const code: string[] = [];
      while (at < lines.length && !lines[at]!.startsWith('```')) code.push(lines[at++]!);
      at++;
      parts.push(`<pre>${escapeHtml(code.join('\n'))}</pre>`);
    } else if (/^#{1,6} /.test(line)) {
      at++;
      // Two levels down: the page has headings of its own above.
      const level = Math.min(6, line.indexOf(' ') + 3);
      parts.push(`<h${level}>${inline(line.slice(line.indexOf(' ') + 1))}</h${level}>`);
    } else if (line.startsWith('|') && /^\|[\s:|-]+\|$/.test(lines[at + 1]?.trim() ?? ''))
      parts.push(table(take((of) => of.startsWith('|'))));
    else if (/^\s*[*-] /.test(line))
      parts.push(
        `<ul>${take((of) => /^\s*[*-] /.test(of))
          .map((of) => `<li>${inline(of.replace(/^\s*[*-] /, ''))}</li>`)
          .join('')}</ul>`,
      );
    else {
      at++;
      while (at < lines.length && lines[at]!.trim() !== '' && !/^(#{1,6} |\||```|\s*[*-] )/.test(lines[at]!))
        at++;
      parts.push(`<p>${inline(lines.slice(start, at).join(' '))}</p>`);
    }
  }
  return trusted(parts.join('\n'));
}

function table([head, rule, ...rows]: readonly string[]): string {
  const right = cells(rule!).map((of) => of.endsWith(':'));
  const row = (line: string, tag: 'td' | 'th'): string =>
    `<tr>${cells(line)
      .map((of, i) => `<${tag}${right[i] ? ' class="n"' : ''}>${inline(of)}</${tag}>`)
      .join('')}</tr>`;
  return `<div class="wide"><table><thead>${row(head!, 'th')}</thead><tbody>${rows.map((of) => row(of, 'td')).join('')}</tbody></table></div>`;
}

/** At bars that are not escaped; the outer two are not cells. */
const cells = (line: string): string[] =>
  line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());

/** Escaped punctuation is put out of the way first, so that it marks nothing. */
function inline(text: string): string {
  const kept: string[] = [];
  const put = (html: string): string => `\ue000${kept.push(html) - 1}\ue001`;
  return escapeHtml(
    text
      .replace(/[\ue000\ue001]/g, '')
      .replace(/\\([!-/:-@[-`{-~])/g, (_, character: string) => put(escapeHtml(character)))
      .replace(/`([^`]+)`/g, (_, code: string) => put(`<code>${escapeHtml(code)}</code>`))
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1'),
  )
    .replace(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')
    .replace(/\*(.+?)\*/g, '<em>$1</em>')
    .replace(/\ue000(\d+)\ue001/g, (_, index: string) => restore(kept, Number(index)));
}

/** Kept pieces may hold kept pieces: an escaped character inside code. */
const restore = (kept: readonly string[], index: number): string =>
  kept[index]!.replace(/\ue000(\d+)\ue001/g, (_, inner: string) => restore(kept, Number(inner)));
