/** Maps items with up to `width()` in work at once; results come in the order of the items. */
export async function* orderedMap<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  width: () => number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const inWork: Promise<R>[] = [];
  for await (const item of items) {
    const result = work(item);
    result.catch(() => {}); // raised below, when its turn comes
    inWork.push(result);
    if (inWork.length >= width()) yield await inWork.shift()!;
  }
  while (inWork.length > 0) yield await inWork.shift()!;
}
