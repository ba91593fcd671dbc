import { type Dag, STATE_WORDS } from './dag.ts';

/** A digraph for Graphviz. */
export function dagAsDot({ name, nodes, edges }: Dag): string {
  const lines = [`digraph ${quoted(name)} {`, '  node [shape=box, style=rounded, fontname="sans-serif"];'];
  for (const { id, state } of nodes)
    lines.push(
      state === null
        ? `  ${quoted(id)};`
        : `  ${quoted(id)} [label=${quoted(`${id}\n${STATE_WORDS[state]}`)}, class=${quoted(state)}];`,
    );
  for (const { from, to, outputs } of edges)
    lines.push(`  ${quoted(from)} -> ${quoted(to)} [tooltip=${quoted(outputs.join(', '))}];`);
  return `${lines.join('\n')}\n}\n`;
}

const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
