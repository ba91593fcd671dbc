import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cropSquare } from '../../stages/imaging/crop.ts';
import type { Picture } from '../../stages/imaging/picture.ts';
import { random } from '../../stages/imaging/random.ts';
import { drawRecipe, type Recipe, turnedFits, UNCHANGED } from '../../stages/imaging/recipe.ts';
import { resampler } from '../../stages/imaging/resample.ts';
import { axisTaps } from '../../stages/imaging/taps.ts';
import { plainResampler } from './plain-resample.ts';

/** A grey picture from rows of numbers. */
const grey = (rows: readonly (readonly number[])[]): Picture => ({
  width: rows[0]!.length,
  height: rows.length,
  data: Uint8Array.from(rows.flat().flatMap((value) => [value, value, value])),
});

/** The red channel of the rendered square, as rows. */
function render(
  picture: Picture,
  size: number,
  recipe: Partial<Recipe> = {},
  square = cropSquare(null, picture.width, picture.height),
) {
  const into = new Uint8Array(size * size * 3);
  resampler(size)(picture, square, { ...UNCHANGED, ...recipe }, into);
  return Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_, x) => into[(y * size + x) * 3]!),
  );
}

test('a square at its own size comes out unchanged', () => {
  const picture = grey([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]);
  assert.deepEqual(render(picture, 3), [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]);
});

test('shrinking takes the area average', () => {
  const picture = grey([
    [0, 100, 10, 30],
    [20, 80, 50, 70],
    [0, 0, 255, 255],
    [0, 0, 255, 255],
  ]);
  assert.deepEqual(render(picture, 2), [
    [50, 40],
    [0, 255],
  ]);
  // 3 → 2: each result pixel covers one and a half: (a + b/2) / 1.5 = 2a/3 + b/3 along each axis.
  const three = grey([
    [0, 90, 180],
    [0, 90, 180],
    [0, 90, 180],
  ]);
  assert.deepEqual(render(three, 2), [
    [30, 150],
    [30, 150],
  ]);
});

test('the share of each source pixel is worked out by hand', () => {
  const { first, count, weights } = axisTaps(0, 3, 2, 3);
  assert.deepEqual([...first], [0, 1]);
  assert.deepEqual([...count], [2, 2]);
  assert.deepEqual([...weights].slice(0, 2), [10923, 5461]); // 2/3 and 1/3 of 16384
  for (const side of [7.3, 50, 111.7, 363]) {
    const taps = axisTaps(1.25, side, 32, 400);
    for (let i = 0; i < 32; i++) {
      const own = taps.weights.subarray(i * taps.width, (i + 1) * taps.width);
      assert.equal(
        own.reduce((sum, weight) => sum + weight, 0),
        16384,
      );
    }
  }
});

test('enlarging is bilinear and holds the edge', () => {
  // Centres of 4 pixels over 2: -.25, .25, .75, 1.25 → clamped 0, then 1/4, 3/4, then clamped 1.
  const picture = grey([
    [0, 200],
    [0, 200],
  ]);
  assert.deepEqual(render(picture, 4)[0], [0, 50, 150, 200]);
});

test('quarter turns and mirrorings move whole pixels', () => {
  const picture = grey([
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(render(picture, 2, { rotate: 90 }), [
    [3, 1],
    [4, 2],
  ]);
  assert.deepEqual(render(picture, 2, { rotate: 180 }), [
    [4, 3],
    [2, 1],
  ]);
  assert.deepEqual(render(picture, 2, { rotate: 270 }), [
    [2, 4],
    [1, 3],
  ]);
  assert.deepEqual(render(picture, 2, { flipX: true }), [
    [2, 1],
    [4, 3],
  ]);
  assert.deepEqual(render(picture, 2, { flipY: true }), [
    [3, 4],
    [1, 2],
  ]);
  // Turned first, then mirrored.
  assert.deepEqual(render(picture, 2, { rotate: 90, flipX: true }), [
    [1, 3],
    [2, 4],
  ]);
});

test('contrast stretches around middle grey, brightness adds, ends are held', () => {
  const picture = grey([
    [0, 100],
    [150, 250],
  ]);
  assert.deepEqual(render(picture, 2, { contrast: 1.2 }), [
    [0, 95],
    [155, 255],
  ]); // 94.5 → 95, 154.5 → 155
  assert.deepEqual(render(picture, 2, { brightness: 10 }), [
    [10, 110],
    [160, 255],
  ]);
});

test('any angle agrees with quarter turns next to it', () => {
  const size = 24;
  const wave = (x: number, y: number) => Math.round(128 + 60 * Math.sin(x / 9) + 50 * Math.cos(y / 7));
  const picture = grey(
    Array.from({ length: 96 }, (_, y) => Array.from({ length: 96 }, (_, x) => wave(x, y))),
  );
  const square = { x: 24, y: 24, side: 48 };
  for (const quarter of [0, 90, 180, 270]) {
    for (const flips of [{}, { flipX: true }, { flipY: true }]) {
      const exact = render(picture, size, { rotate: quarter, ...flips }, square).flat();
      const near = render(picture, size, { rotate: quarter + 0.01, ...flips }, square).flat();
      const worst = Math.max(...exact.map((value, i) => Math.abs(value - near[i]!)));
      assert.ok(worst <= 2, `turned by ${quarter}: off by ${worst}`);
    }
  }
});

test('a turned square shows what lies around it, not a filled corner', () => {
  // White in the square, grey around it: turned by 45° its corners reach into the grey.
  const picture = grey(
    Array.from({ length: 60 }, (_, y) =>
      Array.from({ length: 60 }, (_, x) => (x >= 20 && x < 40 && y >= 20 && y < 40 ? 255 : 90)),
    ),
  );
  const turned = render(picture, 20, { rotate: 45 }, { x: 20, y: 20, side: 20 });
  assert.equal(turned[0]![0], 90);
  assert.equal(turned[10]![10], 255);
});

test('the square of a box is 1.2 times its longer side and stays inside', () => {
  assert.deepEqual(cropSquare([100, 100, 50, 40], 640, 480), { x: 95, y: 90, side: 60 });
  assert.deepEqual(cropSquare([0, 0, 50, 40], 640, 480), { x: 0, y: 0, side: 60 });
  assert.deepEqual(cropSquare([600, 460, 40, 20], 640, 480), { x: 592, y: 432, side: 48 });
  // An image lower than the square gives what it has.
  assert.deepEqual(cropSquare([100, 0, 90, 50], 300, 60), { x: 115, y: 0, side: 60 });
  assert.deepEqual(cropSquare(null, 360, 363), { x: 0, y: 1.5, side: 360 });
});

test('only squares with room around them are turned by any angle', () => {
  const square = { x: 20, y: 20, side: 20 };
  assert.ok(turnedFits(square, 45, 60, 60));
  assert.ok(!turnedFits({ x: 0, y: 20, side: 20 }, 45, 60, 60));
  assert.ok(turnedFits({ x: 0, y: 0, side: 60 }, 90, 60, 60));
  const limits = { contrast: 0.2, brightness: 10 };
  const draw = random(3, 'test');
  const angles = new Set<number>();
  for (let i = 0; i < 300; i++) {
    const recipe = drawRecipe(draw, square, 60, 60, limits);
    angles.add(recipe.rotate);
    assert.ok(recipe.contrast >= 0.8 && recipe.contrast <= 1.2 && Math.abs(recipe.brightness) <= 10);
    assert.equal(drawRecipe(draw, { x: 0, y: 0, side: 60 }, 60, 60, limits).rotate % 90, 0);
  }
  assert.ok(angles.size > 150, `${angles.size} angles`);
});

test('a box over the edge of a tiny picture renders without reading outside', () => {
  // Centres 1.75 and 2.25: a quarter of 20 and three of 30, then the edge is held.
  const picture = grey([[10, 20, 30]]);
  assert.deepEqual(render(picture, 2, {}, cropSquare([2, 0, 1, 1], 3, 1)), [
    [28, 30],
    [28, 30],
  ]);
});

test('the kernels give the bytes of plain JavaScript, whatever the square and the recipe', () => {
  const draw = random(11, 'kernels');
  for (let i = 0; i < 60; i++) {
    const [width, height] = [1 + draw.integer(90), 1 + draw.integer(90)];
    const data = Uint8Array.from({ length: width * height * 3 }, () => draw.integer(256));
    const picture = { width, height, data };
    const box = [
      draw.uniform(-5, width),
      draw.uniform(-5, height),
      draw.uniform(1, 60),
      draw.uniform(1, 60),
    ] as const;
    const square = cropSquare(draw.chance(0.3) ? null : box, width, height);
    const size = 8 + draw.integer(40);
    const recipe = draw.chance(0.2)
      ? undefined
      : {
          rotate: draw.chance(0.5) ? 90 * draw.integer(4) : draw.integer(360),
          flipX: draw.chance(0.5),
          flipY: draw.chance(0.5),
          contrast: draw.uniform(0.2, 2),
          brightness: draw.uniform(-60, 60),
        };
    const [own, plain] = [new Uint8Array(size * size * 3), new Uint8Array(size * size * 3)];
    resampler(size)(picture, square, recipe, own);
    plainResampler(size)(picture, square, recipe, plain);
    assert.deepEqual(own, plain, JSON.stringify({ width, height, square, size, recipe }));
  }
});
