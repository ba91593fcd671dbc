/**
 * Draws blood smears: fields with many cells of five classes, in groups (smears) that have a stain and a light of
 * their own. For trying the pipeline out; nothing medical can be learnt from it. A few flaws are put in on purpose,
 * so that the quality report has something to find.
 */

import { Canvas } from '../imaging/canvas.ts';
import type { DatasetFormat, SourceCell, SourceImage } from '../imaging/dataset-format.ts';
import { encodePng } from '../imaging/png.ts';
import { type Random, random } from '../imaging/random.ts';
import { type CellClass, drawCell, type Stain } from '../imaging/smear.ts';

export const format = 'synthetic';
export const needsSource = false;
export const options = {
  seed: 'Another number draws other smears; 1 if not given.',
  smears: 'How many smears, each a group with its own stain and light; 15 if not given.',
  fields: 'Fields of each smear; 4 if not given.',
  cells: 'Cells of each field, as far as there is room; 11 if not given.',
};
export const licence = 'none needed: drawn by bloodline';

const WIDTH = 320;
const HEIGHT = 240;

/** How often each class is met; real smears are far more lopsided. */
const FREQUENCY: readonly (readonly [CellClass, number])[] = [
  ['red-cell', 0.4],
  ['neutrophil', 0.2],
  ['lymphocyte', 0.16],
  ['platelet', 0.14],
  ['eosinophil', 0.1],
];

export const read: DatasetFormat['read'] = async function* ({ options: given, expect }) {
  const { seed = 1, smears = 15, fields = 4, cells = 11 } = given as Partial<Record<string, number>>;
  expect(smears * fields);
  for (let smear = 0; smear < smears; smear++) {
    const stain = drawStain(random(seed, `stain:${smear}`));
    for (let field = 0; field < fields; field++) {
      const group = `smear-${String(smear + 1).padStart(2, '0')}`;
      const path = `${group}/field-${field + 1}.png`;
      const draw = random(seed, `field:${smear}:${field}`);
      const drawn = drawField(draw, stain, cells, group);
      yield* flawed(
        { path, bytes: encodePng(drawn.canvas.picture()), cells: drawn.cells, part: null },
        drawn.canvas,
        smear,
        field,
      );
    }
  }
};

/** The flaws: a cut file, a box given twice and an empty one, a field that comes a second time a little brighter. */
function* flawed(image: SourceImage, canvas: Canvas, smear: number, field: number): Iterable<SourceImage> {
  const [first] = image.cells as readonly [SourceCell, ...SourceCell[]];
  if (smear === 0 && field === 1) {
    yield { ...image, cells: [...image.cells, first, { ...first, box: [20, 20, 0, 12] }] };
  } else {
    yield image;
  }
  if (smear === 1 && field === 0) {
    const path = image.path.replace('.png', '-cut.png');
    yield { ...image, path, bytes: image.bytes.subarray(0, Math.floor(image.bytes.length / 3)) };
  }
  if (smear === 2 && field === 0) {
    canvas.brighten(6);
    yield { ...image, path: image.path.replace('.png', '-again.png'), bytes: encodePng(canvas.picture()) };
  }
}

function drawStain(draw: Random): Stain {
  return {
    background: [draw.uniform(222, 244), draw.uniform(214, 238), draw.uniform(214, 240)],
    hue: draw.uniform(-18, 18),
    strength: draw.uniform(0.72, 1.1),
    blur: draw.uniform(1, 2.6),
    noise: draw.uniform(3, 8),
    light: [draw.uniform(-14, 14), draw.uniform(-14, 14)],
  };
}

function drawField(
  draw: Random,
  stain: Stain,
  count: number,
  group: string,
): { canvas: Canvas; cells: SourceCell[] } {
  const canvas = new Canvas(WIDTH, HEIGHT, stain.background);
  const placed: { x: number; y: number; radius: number }[] = [];
  const cells: SourceCell[] = [];
  for (let attempt = 0; cells.length < count && attempt < 40 * count; attempt++) {
    const label = drawClass(draw);
    const radius = draw.uniform(...RADIUS[label]);
    const x = draw.uniform(radius * 0.8, WIDTH - radius * 0.8);
    const y = draw.uniform(radius * 0.8, HEIGHT - radius * 0.8);
    // Cells may touch and overlap a little, as they do on a slide.
    if (placed.some((other) => Math.hypot(other.x - x, other.y - y) < 0.85 * (other.radius + radius)))
      continue;
    placed.push({ x, y, radius });
    const box = drawCell(canvas, draw, label, stain, { x, y, radius });
    cells.push({ label, box, group });
  }
  canvas.light(stain.light);
  canvas.noise(draw, stain.noise);
  return { canvas, cells };
}

/** Radii in pixels; they overlap, so that size alone does not give the label away. */
const RADIUS: Readonly<Record<CellClass, readonly [number, number]>> = {
  'red-cell': [14, 20],
  neutrophil: [17, 24],
  lymphocyte: [14, 21],
  eosinophil: [17, 24],
  platelet: [7, 13],
};

function drawClass(draw: Random): CellClass {
  let rest = draw.uniform();
  for (const [label, frequency] of FREQUENCY) {
    rest -= frequency;
    if (rest < 0) return label;
  }
  return 'red-cell';
}
