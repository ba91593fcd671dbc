import { type Dag, STATE_WORDS } from './dag.ts';

/**
 * The DAG with a line a stage and rails for what passes between them, as `git log --graph` draws history:
 *
 *     ● ingest             cached
 *     ├─╮
 *     │ ● balance-augment  will run
 */
export function dagAsText({ nodes, edges }: Dag): string {
  const parents = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  const consumers = new Map<string, number>(nodes.map(({ id }) => [id, 0]));
  for (const { from, to } of edges) {
    parents.get(to)?.push(from);
    consumers.set(from, (consumers.get(from) ?? 0) + 1);
  }
  // A rail is the column of a stage whose consumers are not all drawn.
  const rails: (string | null)[] = [];
  const lines: { readonly left: string; readonly right: string }[] = [];
  for (const { id, state } of nodes) {
    const from = (parents.get(id) ?? []).map((parent) => rails.indexOf(parent));
    const ending = new Set<number>();
    for (const column of from) {
      const parent = rails[column]!;
      consumers.set(parent, consumers.get(parent)! - 1);
      if (consumers.get(parent) === 0) ending.add(column);
    }
    const own = ending.size > 0 ? Math.min(...ending) : freeColumn(rails, from);
    if (from.some((column) => column !== own))
      lines.push({ left: connector(rails, from, ending, own), right: '' });
    for (const column of ending) rails[column] = null;
    rails[own] = id;
    const left = rails.map((rail, column) => (column === own ? '●' : rail === null ? ' ' : '│')).join(' ');
    lines.push({ left: `${left.trimEnd()} ${id}`, right: state === null ? '' : STATE_WORDS[state] });
    if (consumers.get(id) === 0) rails[own] = null;
    while (rails.length > 0 && rails.at(-1) === null) rails.pop();
  }
  const width = Math.max(0, ...lines.filter(({ right }) => right !== '').map(({ left }) => left.length));
  return lines
    .map(({ left, right }) => (right === '' ? left : `${left.padEnd(width)}  ${right}`).trimEnd() + '\n')
    .join('');
}

/** The first free column right of the stage's first parent, so that lines stay short. */
function freeColumn(rails: readonly (string | null)[], parents: readonly number[]): number {
  const start = parents.length === 0 ? 0 : Math.min(...parents);
  for (let column = start; column < rails.length; column++) if (rails[column] === null) return column;
  return rails.length;
}

/** The line above a stage: from each parent's rail to its column; rails that are only passed stay whole. */
function connector(
  rails: readonly (string | null)[],
  parents: readonly number[],
  ending: ReadonlySet<number>,
  own: number,
): string {
  const first = Math.min(own, ...parents);
  const last = Math.max(own, ...parents);
  let line = '';
  for (let column = 0; column < Math.max(rails.length, own + 1); column++) {
    const up = rails[column] != null;
    const inside = column >= first && column <= last;
    const touched = column === own || parents.includes(column);
    if (!inside || !touched) line += up ? '│' : inside ? '─' : ' ';
    else {
      const down = column === own || !ending.has(column);
      line += joint(up, down, column > first, column < last);
    }
    line += column >= first && column < last ? '─' : ' ';
  }
  return line.trimEnd();
}

function joint(up: boolean, down: boolean, left: boolean, right: boolean): string {
  const key = `${up ? 'u' : ''}${down ? 'd' : ''}${left ? 'l' : ''}${right ? 'r' : ''}`;
  return (
    { udlr: '┼', udl: '┤', udr: '├', ulr: '┴', ul: '╯', ur: '╰', dlr: '┬', dl: '╮', dr: '╭' }[key] ?? '│'
  );
}
