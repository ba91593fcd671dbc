/**
 * Nodes so that each comes after those it needs; of several that could be next, the first as written.
 * Where that can't be, one cycle: each of its nodes needs the one after it, the last needs the first.
 */
export function topologicalOrder<T>(
  nodes: readonly T[],
  needs: (node: T) => Iterable<T>,
): { readonly order: readonly T[] } | { readonly cycle: readonly T[] } {
  const order: T[] = [];
  const done = new Set<T>();
  const open = new Set<T>();
  // A stack of our own: a chain of thousands of stages must not meet the limit of the language's.
  for (const root of nodes) {
    if (done.has(root)) continue;
    const stack = [{ node: root, rest: needs(root)[Symbol.iterator]() }];
    open.add(root);
    while (stack.length > 0) {
      const { node, rest } = stack.at(-1)!;
      const next = rest.next();
      if (next.done) {
        stack.pop();
        open.delete(node);
        done.add(node);
        order.push(node);
      } else if (open.has(next.value)) {
        const path = stack.map((entry) => entry.node);
        return { cycle: path.slice(path.indexOf(next.value)) };
      } else if (!done.has(next.value)) {
        open.add(next.value);
        stack.push({ node: next.value, rest: needs(next.value)[Symbol.iterator]() });
      }
    }
  }
  return { order };
}
