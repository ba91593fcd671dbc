import type { Canvas, Colour, Shape } from './canvas.ts';
import type { Random } from './random.ts';
import type { Box } from './samples.ts';

export type CellClass = 'red-cell' | 'neutrophil' | 'lymphocyte' | 'eosinophil' | 'platelet';

/** What the fields of one smear have in common. */
export interface Stain {
  readonly background: Colour;
  /** Added to red and taken from blue. */
  readonly hue: number;
  /** 1: full colour; less: nearer to the background. */
  readonly strength: number;
  /** Width of an edge, pixels. */
  readonly blur: number;
  /** Grain, standard deviation in steps of 0..255. */
  readonly noise: number;
  readonly light: readonly [number, number];
}

/** Granules of neutrophils and of eosinophils; real ones are not always told apart either. */
const PINK: Colour = [196, 140, 176];
const ORANGE: Colour = [214, 116, 98];

/** Draws a cell and returns its box, as a careful person would have drawn it: up to a pixel or two off. */
export function drawCell(
  canvas: Canvas,
  draw: Random,
  label: CellClass,
  stain: Stain,
  at: { x: number; y: number; radius: number },
): Box {
  const { x, y, radius } = at;
  // Some cells lie out of focus.
  const blur = stain.blur * (draw.chance(0.25) ? draw.uniform(1.5, 3) : 1);
  const outline = wobbly(draw, radius, blur, label === 'platelet' ? 0.22 : 0.06);
  const tinted = (colour: Colour): Colour => tint(jitter(draw, colour), stain);
  const fill = (colour: Colour, shape: Shape): void => {
    const ink = tinted(colour);
    canvas.paint(x, y, radius * 1.4 + 4, () => ink, shape);
  };
  const nucleus = jitter(draw, [104, 62, 142]);

  switch (label) {
    case 'red-cell': {
      const rim = tinted([208, 132, 138]);
      const pallor = draw.uniform(0.1, 0.55);
      const middle = mix(rim, stain.background, pallor);
      const paleTo = draw.uniform(0.3, 0.6) * radius;
      canvas.paint(
        x,
        y,
        radius * 1.4 + 4,
        (u, v) => mix(middle, rim, smooth(Math.hypot(u, v) / paleTo - 0.5)),
        outline,
      );
      break;
    }
    case 'neutrophil':
      fill(mix([222, 186, 200], [226, 176, 176], draw.uniform(0, 0.6)), outline);
      granules(
        canvas,
        draw,
        at,
        tinted(mix(PINK, ORANGE, draw.uniform(0, 0.35))),
        60,
        draw.uniform(0.6, 1.1),
      );
      fill(nucleus, lobes(draw, radius, 2 + draw.integer(4), blur));
      break;
    case 'eosinophil':
      fill([226, 176, 176], outline);
      granules(
        canvas,
        draw,
        at,
        tinted(mix(ORANGE, PINK, draw.uniform(0, 0.55))),
        80,
        draw.uniform(0.8, 1.4),
      );
      fill(nucleus, lobes(draw, radius, 2 + draw.integer(2), blur));
      break;
    case 'lymphocyte': {
      fill([176, 178, 220], outline);
      const share = draw.uniform(0.58, 0.9);
      fill(nucleus, shifted(draw, wobbly(draw, radius * share, blur, 0.08), radius * (0.95 - share)));
      break;
    }
    case 'platelet':
      fill([176, 140, 188], outline);
      granules(canvas, draw, at, tinted([128, 84, 156]), 16, 1);
      break;
    default:
      label satisfies never;
  }
  const slack = (): number => draw.uniform(0, 2);
  const [left, top] = [Math.max(0, x - radius - slack()), Math.max(0, y - radius - slack())];
  const [right, bottom] = [
    Math.min(canvas.width, x + radius + slack()),
    Math.min(canvas.height, y + radius + slack()),
  ];
  return [
    Math.round(left),
    Math.round(top),
    Math.round(right) - Math.round(left),
    Math.round(bottom) - Math.round(top),
  ];
}

/** A disc whose outline goes in and out by a fraction of the radius. */
function wobbly(draw: Random, radius: number, blur: number, wobble: number): Shape {
  const waves = [2, 3, 4].map((times) => ({
    times,
    size: (wobble * draw.normal()) / times,
    from: draw.uniform(0, 6.283),
  }));
  return (u, v) => {
    const angle = Math.atan2(v, u);
    let edge = radius;
    for (const { times, size, from } of waves) edge += radius * size * Math.sin(times * angle + from);
    return smooth((edge - Math.hypot(u, v)) / blur);
  };
}

/** A nucleus of several round lobes on an arc, joined. */
function lobes(draw: Random, radius: number, count: number, blur: number): Shape {
  const from = draw.uniform(0, 6.283);
  const span = draw.uniform(2.2, 4.2);
  const arc = radius * draw.uniform(0.34, 0.46);
  const size = radius * draw.uniform(0.26, 0.36);
  const centres = Array.from({ length: count }, (_, i) => {
    const angle = from + (span * i) / Math.max(count - 1, 1);
    return [arc * Math.cos(angle), arc * Math.sin(angle)] as const;
  });
  return (u, v) => {
    let near = Number.NEGATIVE_INFINITY;
    for (const [x, y] of centres) near = Math.max(near, size - Math.hypot(u - x, v - y));
    return smooth(near / blur + 0.2);
  };
}

function shifted(draw: Random, shape: Shape, reach: number): Shape {
  const angle = draw.uniform(0, 6.283);
  const [dx, dy] = [reach * Math.cos(angle), reach * Math.sin(angle)];
  return (u, v) => shape(u - dx, v - dy);
}

/** Small dots all over the cell. */
function granules(
  canvas: Canvas,
  draw: Random,
  { x, y, radius }: { x: number; y: number; radius: number },
  colour: Colour,
  count: number,
  size: number,
): void {
  for (let i = 0; i < count; i++) {
    const angle = draw.uniform(0, 6.283);
    const reach = radius * 0.88 * Math.sqrt(draw.uniform());
    const dot = size * draw.uniform(0.6, 1.2);
    const cover = draw.uniform(0.3, 0.8);
    canvas.paint(
      x + reach * Math.cos(angle),
      y + reach * Math.sin(angle),
      dot + 2,
      () => colour,
      (u, v) => cover * smooth(dot - Math.hypot(u, v) + 0.5),
    );
  }
}

/** 0 below -½, 1 above ½, smooth between. */
function smooth(value: number): number {
  const t = Math.min(Math.max(value + 0.5, 0), 1);
  return t * t * (3 - 2 * t);
}

const mix = (a: Colour, b: Colour, share: number): Colour => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

const jitter = (draw: Random, colour: Colour): Colour => [
  colour[0] + 13 * draw.normal(),
  colour[1] + 13 * draw.normal(),
  colour[2] + 13 * draw.normal(),
];

const tint = (colour: Colour, { background, hue, strength }: Stain): Colour =>
  mix(background, [colour[0] + hue, colour[1], colour[2] - hue], strength);
