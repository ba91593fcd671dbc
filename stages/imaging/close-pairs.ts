import { turnToPrincipalAxes } from './principal-axes.ts';

/** What is compared: a box and a ball around it must both hold another for the two to be close. */
export interface Place {
  /** Differences from another's are looked at one by one. */
  readonly box: readonly number[];
  /** Differences from another's are squared and summed. */
  readonly ball: Float32Array;
}

/** A part of the places, and the bounds that hold them. */
interface Node {
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Of `order`. */
  readonly from: number;
  readonly to: number;
  readonly halves: readonly [Node, Node] | null;
}

const LEAF = 24;
/** Of a ball, those along which places spread most: the others part hardly any two nodes. */
const TREE_AXES = 8;
/** How much two sums of the same squares may differ, added up along other axes. */
const ROUNDING = 1 + 1e-9;

/**
 * All pairs of places that are no further apart than `side` in each coordinate of their boxes and than the root of
 * `square` in their balls. A k-d tree, so that most pairs are never met; nothing is approximate.
 *
 * @returns calls `found(i, j)` once a pair, i < j, in no order worth relying on
 */
export function closePairs(
  places: readonly Place[],
  { side, square }: { readonly side: number; readonly square: number },
  found: (i: number, j: number) => void,
): void {
  if (places.length === 0) return;
  const boxed = places[0]!.box.length;
  const width = places[0]!.ball.length;
  const size = boxed + width;
  const balls = new Float64Array(places.length * width);
  for (const [i, { ball }] of places.entries()) balls.set(ball, i * width);
  turnToPrincipalAxes(balls, width);
  const table = new Float64Array(places.length * size);
  for (const [i, { box }] of places.entries()) {
    table.set(box, i * size);
    table.set(balls.subarray(i * width, (i + 1) * width), i * size + boxed);
  }
  const bounded = boxed + Math.min(width, TREE_AXES);
  const reach = square * ROUNDING;
  const order = Int32Array.from(places, (_, i) => i);
  const root = build(0, order.length);

  function build(from: number, to: number): Node {
    const low = new Float64Array(bounded).fill(Number.POSITIVE_INFINITY);
    const high = new Float64Array(bounded).fill(Number.NEGATIVE_INFINITY);
    for (let at = from; at < to; at++)
      for (let c = 0, cell = order[at]! * size; c < bounded; c++, cell++) {
        const value = table[cell]!;
        if (value < low[c]!) low[c] = value;
        if (value > high[c]!) high[c] = value;
      }
    // Cut where the bounds are widest, measured by how far apart two may be.
    let widest = 0;
    let most = 0;
    for (let c = 0; c < bounded; c++) {
      const spread = (high[c]! - low[c]!) / (c < boxed ? side : Math.sqrt(square));
      if (spread > most) [widest, most] = [c, spread];
    }
    if (to - from <= LEAF || most === 0) return { low, high, from, to, halves: null };
    const part = order.subarray(from, to);
    part.sort((a, b) => table[a * size + widest]! - table[b * size + widest]! || a - b);
    const middle = (from + to) >> 1;
    return { low, high, from, to, halves: [build(from, middle), build(middle, to)] };
  }

  /** Whether anything in one node can be close to anything in the other. */
  function apart(a: Node, b: Node): boolean {
    let sum = 0;
    for (let c = 0; c < bounded; c++) {
      const gap = Math.max(a.low[c]! - b.high[c]!, b.low[c]! - a.high[c]!, 0);
      if (c < boxed) {
        if (gap > side) return true;
      } else {
        sum += gap * gap;
        if (sum > reach) return true;
      }
    }
    return false;
  }

  function compare(i: number, j: number): void {
    let sum = 0;
    for (let c = 0, a = i * size, b = j * size; c < size; c++, a++, b++) {
      const gap = table[a]! - table[b]!;
      if (c < boxed) {
        if (gap > side || gap < -side) return;
      } else {
        sum += gap * gap;
        if (sum > reach) return;
      }
    }
    if (sum > square / ROUNDING && !inReach(places[i]!.ball, places[j]!.ball, square)) return;
    found(Math.min(i, j), Math.max(i, j));
  }

  function within(node: Node): void {
    if (node.halves !== null) {
      within(node.halves[0]);
      within(node.halves[1]);
      between(node.halves[0], node.halves[1]);
      return;
    }
    for (let i = node.from; i < node.to; i++)
      for (let j = i + 1; j < node.to; j++) compare(order[i]!, order[j]!);
  }

  function between(a: Node, b: Node): void {
    if (apart(a, b)) return;
    const [large, small] = a.to - a.from >= b.to - b.from ? [a, b] : [b, a];
    if (large.halves !== null) {
      between(large.halves[0], small);
      between(large.halves[1], small);
      return;
    }
    for (let i = large.from; i < large.to; i++)
      for (let j = small.from; j < small.to; j++) compare(order[i]!, order[j]!);
  }

  within(root);
}

function inReach(a: Float32Array, b: Float32Array, square: number): boolean {
  let sum = 0;
  for (let c = 0; c < a.length; c++) sum += (a[c]! - b[c]!) * (a[c]! - b[c]!);
  return sum <= square;
}
