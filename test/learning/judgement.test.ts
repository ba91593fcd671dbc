import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fitLinearDiscriminant } from '../../stages/judging/linear-discriminant.ts';
import { CLASS_MEASURES, type Measure, measure } from '../../stages/judging/measures.ts';
import { logLoss } from '../../stages/judging/metrics.ts';
import { curvePoints, rank } from '../../stages/judging/ranking-areas.ts';
import { holm, mcnemar, wilson } from '../../stages/judging/statistics.ts';
import { studentP } from '../../stages/judging/student.ts';
import { fitTemperature, withTemperature } from '../../stages/judging/temperature.ts';

/** Made by bench/parity-statistics/reference.py with scikit-learn, SciPy and statsmodels. */
interface Reference {
  readonly cases: readonly {
    readonly name: string;
    readonly truth: number[];
    readonly probabilities: number[][];
    readonly overall: Partial<Record<Measure, number | null>>;
    readonly perClass: Record<(typeof CLASS_MEASURES)[number], (number | null)[]>;
    readonly rocCurve: { fpr: number[]; tpr: number[] };
  }[];
  readonly temperature: { logits: number[]; labels: number[]; value: number; loss: number };
  readonly discriminant: { features: number[]; labels: number[]; asked: number[]; posterior: number[] };
  readonly wilson: [hits: number, n: number, low: number, high: number][];
  readonly mcnemar: [b: number, c: number, p: number][];
  readonly student: [t: number, freedom: number, p: number][];
  readonly holm: { p: number[]; adjusted: number[] };
}
const reference = JSON.parse(
  readFileSync(new URL('../../../test/learning/judgement-reference.json', import.meta.url), 'utf8'),
) as Reference;

const near = (got: number | null, expected: number | null, what: string, tolerance = 1e-12): void => {
  const same =
    got === null || expected === null
      ? got === expected
      : Math.abs(got - expected) <= tolerance * Math.max(1, Math.abs(expected));
  assert.ok(same, `${what}: ${got} is not ${expected}`);
};

for (const { name, truth, probabilities, overall, perClass, rocCurve } of reference.cases)
  test(`numbers of scikit-learn: ${name}`, () => {
    const k = probabilities[0]!.length;
    const measured = measure({
      truth,
      groups: truth.map((_, i) => `group ${i}`),
      probabilities: probabilities.flat(),
      classes: Array.from({ length: k }, (_, i) => `class ${i}`),
    });
    for (const [of, expected] of Object.entries(overall))
      near(measured.overall[of as Measure].value, expected, of);
    for (const of of CLASS_MEASURES)
      measured.perClass.forEach((scored, label) => {
        near(scored[of].value, perClass[of][label]!, `${of} of ${label}`);
      });
    const curve = curvePoints(
      rank(
        probabilities.map((row) => row[0]!),
        truth.map((label) => label === 0),
      ),
    );
    assert.equal(curve.length, rocCurve.fpr.length);
    curve.forEach((point, i) => {
      near(point.falsePositiveRate, rocCurve.fpr[i]!, 'false positives');
      near(point.truePositiveRate, rocCurve.tpr[i]!, 'true positives');
    });
    for (const { value, interval } of Object.values(measured.overall))
      assert.ok(value === null || interval === null || interval[0] <= interval[1]);
  });

test('the temperature is the one that SciPy finds', () => {
  const { logits, labels, value, loss } = reference.temperature;
  const found = fitTemperature(labels, logits, 3);
  near(found, value, 'temperature', 1e-6); // SciPy's bounded search stops at the root of the float's step
  near(logLoss(labels, withTemperature(logits, 3, found), 3, 0), loss, 'loss', 1e-10);
});

test('temperatures end where a model is right each time, wrong each time, or never asked', () => {
  assert.equal(fitTemperature([0, 1], [2, 0, 0, 2], 2), 0.05);
  assert.equal(fitTemperature([1, 0], [2, 0, 0, 2], 2), 20);
  assert.equal(fitTemperature([], [], 2), 1);
});

test('a linear discriminant is scikit-learn’s', () => {
  const { features, labels, asked, posterior } = reference.discriminant;
  const got = fitLinearDiscriminant(Float64Array.from(features), labels, 3).predict(Float64Array.from(asked));
  // Ours adds a millionth of the spread, so that features which never vary do no harm.
  posterior.forEach((expected, i) => {
    near(got[i]!, expected, `posterior ${i}`, 1e-5);
  });
});

test('a linear discriminant bears features that never vary, and classes that were never seen', () => {
  const got = fitLinearDiscriminant(Float64Array.from([1, 5, 1, 5, 1, 9, 1, 9]), [0, 0, 1, 1], 3).predict(
    Float64Array.from([1, 5, 1, 9]),
  );
  assert.ok(got.every(Number.isFinite));
  assert.ok(got[0]! > 0.99 && got[4]! > 0.99);
  assert.equal(got[2], 0);
});

test('Student’s t is SciPy’s', () => {
  for (const [t, freedom, p] of reference.student) {
    near(studentP(t, freedom), p, `t ${t} with ${freedom}`, 1e-11);
    near(studentP(-t, freedom), p, `t ${-t} with ${freedom}`, 1e-11);
  }
});

test('Wilson, McNemar and Holm are those of statsmodels', () => {
  for (const [hits, n, low, high] of reference.wilson) {
    near(wilson(hits, n)[0], low, `Wilson ${hits} of ${n}`);
    near(wilson(hits, n)[1], high, `Wilson ${hits} of ${n}`);
  }
  for (const [b, c, p] of reference.mcnemar) near(mcnemar(b, c), p, `McNemar ${b} ${c}`, 1e-10);
  holm(reference.holm.p).forEach((p, i) => {
    near(p, reference.holm.adjusted[i]!, 'Holm');
  });
});
