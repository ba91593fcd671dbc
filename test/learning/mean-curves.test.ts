import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Calibration, Selection } from '../../stages/judging/evaluation.ts';
import {
  type MeanPoint,
  meanCalibration,
  meanPrecision,
  meanRoc,
  meanSelection,
} from '../../stages/judging/mean-curves.ts';

const point = (falsePositiveRate: number, truePositiveRate: number, precision = 1) => ({
  threshold: 0.5,
  falsePositiveRate,
  truePositiveRate,
  precision,
});
const at = (curve: readonly MeanPoint[], place: number): MeanPoint => {
  const found = curve.find(({ x }) => x === place);
  assert.ok(found, `nothing at ${place}`);
  return found;
};
/** Of two values, n − 1. */
const deviation = (a: number, b: number): number => Math.abs(a - b) / Math.SQRT2;
const near = (got: number, expected: number): void =>
  assert.ok(Math.abs(got - expected) < 1e-12, `${got} is not ${expected}`);

test('ROC curves are averaged at each false positive rate: straight between points, the top of a climb', () => {
  const stairs = [point(0, 0.5), point(0.5, 0.5), point(0.5, 1), point(1, 1)];
  const slope = [point(0.5, 1), point(1, 1)]; // from (0, 0), which no threshold is at
  const curve = meanRoc([stairs, slope]);
  assert.deepEqual(
    curve.map(({ x }) => x),
    Array.from({ length: 51 }, (_, i) => i / 50),
  );
  for (const [x, a, b] of [
    [0, 0.5, 0],
    [0.1, 0.5, 0.2],
    [0.5, 1, 1],
    [1, 1, 1],
  ] as const) {
    near(at(curve, x).y, (a + b) / 2);
    near(at(curve, x).deviation!, deviation(a, b));
  }
});

test('precision is that of the first threshold that recalls enough', () => {
  const curve = meanPrecision([
    [point(0, 0.5, 1), point(0.2, 1, 0.8)],
    [point(0.1, 0.2, 0.6), point(0.3, 1, 0.4)],
  ]);
  assert.equal(curve[0]!.x, 0.02);
  near(at(curve, 0.2).y, 0.8);
  near(at(curve, 0.5).y, 0.7);
  near(at(curve, 0.52).y, 0.6);
  near(at(curve, 0.52).deviation!, deviation(0.8, 0.4));
});

test('a single training keeps its points, and a class without a cell has no curve', () => {
  assert.deepEqual(meanRoc([[point(0.5, 1)]]), [
    { x: 0, y: 0, deviation: null },
    { x: 0.5, y: 1, deviation: null },
  ]);
  assert.deepEqual(meanRoc([[], []]), []);
});

test('bins hold the cells of all trainings, numbers are means, and no threshold is said to be none', () => {
  const calibration = (temperature: number, n: number, accuracy: number): Calibration => {
    const bins = [
      { from: 0, to: 0.5, n: 0, confidence: 0, accuracy: 0 },
      { from: 0.5, to: 1, n, confidence: 0.9, accuracy },
    ];
    const scaled = { bins, ece: 0.9 - accuracy, classwiseEce: 0.1, logLoss: temperature };
    return { temperature, fitted: { n: 7, logLoss: 1, scaledLogLoss: 0.5 }, bins, scaled };
  };
  const mean = meanCalibration([calibration(1, 10, 0.8), calibration(2, 30, 0.4)]);
  assert.deepEqual(
    [mean.temperature, mean.scaled.logLoss, mean.bins[0]!.n, mean.bins[1]!.n],
    [1.5, 1.5, 0, 40],
  );
  near(mean.bins[1]!.accuracy, 0.5);
  near(mean.bins[1]!.deviation!, deviation(0.8, 0.4));
  // The mean of .1 and .5, not the error of the bins together, in which trainings could cancel out.
  near(mean.scaled.ece, 0.3);

  const sure = { threshold: 0.9, coverage: 0.5, risk: 0.02 };
  const curve = [
    { threshold: 0.9, coverage: 0.5, risk: 0 },
    { threshold: 0.1, coverage: 1, risk: 0.2 },
  ];
  const some: Selection = { risk: 0.02, chosen: sure, test: sure, curve };
  const none: Selection = { risk: 0.02, chosen: null, test: null, curve: [curve[1]!] };
  const selection = meanSelection([some, none]);
  assert.deepEqual([selection.found, selection.chosen, selection.test], [1, sure, sure]);
  near(at(selection.curve, 0.5).y, 0.1);
  near(at(selection.curve, 1).y, 0.2);
  assert.equal(meanSelection([none, none]).chosen, null);
});
