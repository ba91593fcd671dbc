/**
 * Turns points about the origin so that they spread most along the first coordinate, then along the second, and so on
 * (principal axes, by Jacobi's rotations). Distances stay what they were, up to rounding.
 *
 * @param table rows × width, changed in place.
 */
export function turnToPrincipalAxes(table: Float64Array, width: number): void {
  const axes = principalAxes(covariance(table, width), width);
  const row = new Float64Array(width);
  for (let from = 0; from < table.length; from += width) {
    row.set(table.subarray(from, from + width));
    for (let axis = 0; axis < width; axis++) {
      let along = 0;
      for (let c = 0, at = axis * width; c < width; c++, at++) along += row[c]! * axes[at]!;
      table[from + axis] = along;
    }
  }
}

/** Rows that say how points spread: so many are enough, and which axes are chosen changes no distance. */
const SAMPLE = 4000;

function covariance(table: Float64Array, width: number): Float64Array {
  const rows = table.length / width;
  const stride = Math.max(1, Math.floor(rows / SAMPLE));
  const mean = new Float64Array(width);
  let count = 0;
  for (let row = 0; row < rows; row += stride, count++)
    for (let c = 0; c < width; c++) mean[c]! += table[row * width + c]!;
  for (let c = 0; c < width; c++) mean[c]! /= count;
  const spread = new Float64Array(width * width);
  for (let row = 0; row < rows; row += stride)
    for (let a = 0; a < width; a++) {
      const own = table[row * width + a]! - mean[a]!;
      for (let b = a; b < width; b++) spread[a * width + b]! += own * (table[row * width + b]! - mean[b]!);
    }
  for (let a = 0; a < width; a++) for (let b = 0; b < a; b++) spread[a * width + b] = spread[b * width + a]!;
  return spread;
}

/** Sweeps over all pairs of coordinates; a symmetric matrix is as good as diagonal after six to ten. */
const SWEEPS = 12;

/** Orthonormal rows, that of the greatest spread first. `matrix` is symmetric, and used up. */
function principalAxes(matrix: Float64Array, width: number): Float64Array {
  const axes = new Float64Array(width * width);
  for (let i = 0; i < width; i++) axes[i * width + i] = 1;
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (let p = 0; p < width; p++)
      for (let q = p + 1; q < width; q++) {
        const off = matrix[p * width + q]!;
        if (off === 0) continue;
        const theta = (matrix[q * width + q]! - matrix[p * width + p]!) / (2 * off);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const cos = 1 / Math.sqrt(t * t + 1);
        const sin = t * cos;
        for (let k = 0; k < width; k++) {
          rotate(matrix, k * width + p, k * width + q, cos, sin);
        }
        for (let k = 0; k < width; k++) {
          rotate(matrix, p * width + k, q * width + k, cos, sin);
          rotate(axes, p * width + k, q * width + k, cos, sin);
        }
      }
  const order = Array.from({ length: width }, (_, i) => i).sort(
    (a, b) => matrix[b * width + b]! - matrix[a * width + a]! || a - b,
  );
  const sorted = new Float64Array(width * width);
  for (const [to, from] of order.entries())
    sorted.set(axes.subarray(from * width, (from + 1) * width), to * width);
  return sorted;
}

function rotate(of: Float64Array, a: number, b: number, cos: number, sin: number): void {
  const [x, y] = [of[a]!, of[b]!];
  of[a] = cos * x - sin * y;
  of[b] = sin * x + cos * y;
}
