import { type Dag, STATE_WORDS } from './dag.ts';
import { essentialEdges } from './essential-edges.ts';

const NODE_HEIGHT = 44;
const LETTER = 8; // pixels, mean width of a letter of the 13 px bold sans-serif below

/**
 * The DAG as an SVG of its own, laid out by dagre. Needs that follow from others are left out, or the lines cover each
 * other; the tooltip of a stage names them all. It takes its colours from the page where that sets
 * `--dag-surface`, `--dag-line`, `--dag-ink`, `--dag-ran`, `--dag-run`, `--dag-failed`, `--dag-skipped`, else from the light
 * or dark of the screen.
 */
export async function dagAsSvg(dag: Dag): Promise<string> {
  const { name, nodes } = dag;
  const edges = essentialEdges(dag);
  const { default: dagre } = await import('@dagrejs/dagre');
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 24, ranksep: 36, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, state } of nodes) {
    const letters = Math.max(id.length, state === null ? 0 : STATE_WORDS[state].length * 0.85);
    graph.setNode(id, { width: Math.ceil(letters * LETTER) + 28, height: NODE_HEIGHT });
  }
  for (const { from, to } of edges) graph.setEdge(from, to);
  dagre.layout(graph);

  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" class="dag" role="img" aria-label="${escaped(`DAG of ${name}`)}" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}">`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="dag-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="dag-tip" d="M0 0L8 4L0 8z"/></marker></defs>',
  ];
  for (const { from, to, outputs } of edges) {
    const { points } = graph.edge(from, to) as { readonly points: readonly Point[] };
    parts.push(
      `<path class="dag-edge" d="${curve(points)}" marker-end="url(#dag-arrow)"><title>${escaped(`${from} → ${to}: ${outputs.join(', ')}`)}</title></path>`,
    );
  }
  for (const { id, state } of nodes) {
    const { x, y, width, height } = graph.node(id) as Point & { width: number; height: number };
    const label =
      state === null
        ? `<text class="dag-name" x="${round(x)}" y="${round(y + 4)}">${escaped(id)}</text>`
        : `<text class="dag-name" x="${round(x)}" y="${round(y - 3)}">${escaped(id)}</text><text class="dag-state" x="${round(x)}" y="${round(y + 13)}">${STATE_WORDS[state]}</text>`;
    parts.push(
      `<g class="dag-node${state === null ? '' : ` dag-${state}`}"><rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${width}" height="${height}" rx="8"/>${label}<title>${escaped(needs(dag, id))}</title></g>`,
    );
  }
  return `${parts.join('\n')}\n</svg>\n`;
}

function needs({ edges }: Dag, id: string): string {
  const into = edges.filter(({ to }) => to === id);
  if (into.length === 0) return `${id} needs no other stage`;
  return `${id} needs ${into.map(({ from, outputs }) => `${from} (${outputs.join(', ')})`).join(', ')}`;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Through the middles between the points, so that bends are round and the ends straight. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let path = `M${round(first.x)} ${round(first.y)}`;
  rest.forEach((point, index) => {
    const next = rest[index + 1];
    path +=
      next === undefined
        ? `L${round(point.x)} ${round(point.y)}`
        : `Q${round(point.x)} ${round(point.y)} ${round((point.x + next.x) / 2)} ${round((point.y + next.y) / 2)}`;
  });
  return path;
}

const round = (value: number): number => Math.round(value * 10) / 10;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const STYLE = `
.dag{font:13px system-ui,sans-serif;max-width:100%;height:auto;--surface:var(--dag-surface,#fff);--line:var(--dag-line,#8a8f98);--ink:var(--dag-ink,#1c1f24)}
.dag-edge{fill:none;stroke:var(--line);stroke-width:1.3}.dag-tip{fill:var(--line)}
.dag rect{fill:var(--surface);stroke:var(--line);stroke-width:1.5}
.dag text{text-anchor:middle;fill:var(--ink)}.dag .dag-name{font-weight:600}.dag .dag-state{font-size:11px;opacity:.75}
.dag .dag-ran rect{stroke:var(--dag-ran,#2a8f4f);stroke-width:2}.dag .dag-failed rect{stroke:var(--dag-failed,#d03b3b);stroke-width:2.5}
.dag .dag-will-run rect{stroke:var(--dag-run,#2f6fde);stroke-width:2}.dag .dag-waits rect{stroke:var(--dag-run,#2f6fde);stroke-dasharray:5 3}
.dag .dag-not-described rect{stroke:var(--dag-run,#2f6fde);stroke-dasharray:2 3}.dag .dag-skipped rect{stroke:var(--dag-skipped,#b7791f);stroke-dasharray:5 3}
@media(prefers-color-scheme:dark){.dag{--surface:var(--dag-surface,#1f2329);--line:var(--dag-line,#7d8590);--ink:var(--dag-ink,#e8eaed)}}`;
