import { type Dag, STATE_WORDS } from './dag.ts';

/** A flowchart for Mermaid, as GitHub and GitLab draw it in Markdown. */
export function dagAsMermaid({ nodes, edges }: Dag): string {
  const names = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const lines = ['flowchart TD'];
  for (const { id, state } of nodes)
    lines.push(
      `  ${names.get(id)}["${escaped(id)}${state === null ? '' : `<br>${STATE_WORDS[state]}`}"]${state === null ? '' : `:::${state}`}`,
    );
  for (const { from, to } of edges) lines.push(`  ${names.get(from)} --> ${names.get(to)}`);
  // Only borders: the fill is the theme's, light or dark.
  const used = new Set(nodes.flatMap(({ state }) => state ?? []));
  for (const [state, stroke] of Object.entries(STROKES))
    if (used.has(state as never)) lines.push(`  classDef ${state} stroke:${stroke},stroke-width:2px`);
  return `${lines.join('\n')}\n`;
}

const STROKES = {
  cached: '#8a8f98',
  'will-run': '#2f6fde',
  waits: '#2f6fde,stroke-dasharray:4 3',
  'not-described': '#2f6fde,stroke-dasharray:1 3',
  ran: '#2a8f4f',
  failed: '#d03b3b',
  skipped: '#b7791f,stroke-dasharray:4 3',
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
