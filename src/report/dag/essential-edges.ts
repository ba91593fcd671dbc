import type { Dag } from './dag.ts';

/** The edges that do not follow from others: a → c goes where there is a → b → c. Nodes are in topological order. */
export function essentialEdges({ nodes, edges }: Dag): Dag['edges'] {
  const parents = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const { from, to } of edges) parents.get(to)?.push(from);
  const ancestors = new Map<string, Set<string>>();
  for (const { id } of nodes) {
    const all = new Set<string>();
    for (const parent of parents.get(id)!) {
      all.add(parent);
      for (const ancestor of ancestors.get(parent)!) all.add(ancestor);
    }
    ancestors.set(id, all);
  }
  return edges.filter(
    ({ from, to }) => !parents.get(to)!.some((other) => other !== from && ancestors.get(other)!.has(from)),
  );
}
