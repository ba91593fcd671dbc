import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bootstrapP, groupDraws, percentileInterval } from '../../stages/judging/bootstrap.ts';
import { argMax, confusionCounts, logLoss, scores } from '../../stages/judging/metrics.ts';
import { holm, mcnemar, quantile, wilson } from '../../stages/judging/statistics.ts';
import { studentP } from '../../stages/judging/student.ts';

// Reference values: scikit-learn 1.9.1 and SciPy 1.17.1, worked out once with
//   precision_recall_fscore_support(y, p, labels=[0, 1, 2, 3], average=…, zero_division=0), balanced_accuracy_score,
//   confusion_matrix(…, normalize='true'), log_loss, binomtest(k, n).proportion_ci(.95, method='wilson'),
//   binomtest(b, b + c, .5).pvalue.
const near = (got: number, expected: number): void =>
  assert.ok(Math.abs(got - expected) <= 1e-12 * Math.max(1, Math.abs(expected)), `${got} is not ${expected}`);

const truth = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2];
const predicted = [0, 0, 1, 2, 1, 1, 0, 2, 2, 2, 1, 3];

test('scores are those of scikit-learn, with a class that is predicted but never true', () => {
  const got = scores(confusionCounts(truth, predicted, 4));
  near(got.accuracy, 0.5833333333333334);
  near(got.balancedAccuracy, 0.5888888888888889);
  const precision = [0.6666666666666666, 0.5, 0.75, 0];
  const recall = [0.5, 0.6666666666666666, 0.6, 0];
  const f1 = [0.5714285714285714, 0.5714285714285714, 0.6666666666666666, 0];
  got.perClass.forEach((of, i) => {
    near(of.precision, precision[i]!);
    near(of.recall, recall[i]!);
    near(of.f1, f1[i]!);
  });
  assert.deepEqual(
    got.perClass.map(({ support }) => support),
    [4, 3, 5, 0],
  );
  near(got.macro.precision, 0.47916666666666663);
  near(got.macro.recall, 0.44166666666666665);
  near(got.macro.f1, 0.45238095238095233);
  near(got.weighted.precision, 0.6597222222222222);
  near(got.weighted.recall, 0.5833333333333334);
  near(got.weighted.f1, 0.611111111111111);
  assert.deepEqual(got.confusion.counts, [
    [2, 1, 1, 0],
    [1, 2, 0, 0],
    [0, 1, 3, 1],
    [0, 0, 0, 0],
  ]);
  assert.deepEqual(got.confusion.rows[0], [0.5, 0.25, 0.25, 0]);
  assert.deepEqual(got.confusion.rows[3], [0, 0, 0, 0]);
});

test('a class that is neither true nor predicted takes no part in the macro average', () => {
  const got = scores(confusionCounts(truth, predicted, 5));
  near(got.macro.f1, 0.45238095238095233);
  assert.deepEqual(got.perClass[4], {
    precision: 0,
    recall: 0,
    f1: 0,
    specificity: 1,
    support: 0,
    answered: 0,
  });
});

test('no rows at all give zeros, not NaN', () => {
  const got = scores(confusionCounts([], [], 2));
  assert.deepEqual(
    [got.n, got.accuracy, got.balancedAccuracy, got.macro.f1, got.weighted.f1],
    [0, 0, 0, 0, 0],
  );
  assert.equal(logLoss([], [], 2), 0);
});

test('log loss is that of scikit-learn, and finite where a model is sure and wrong', () => {
  const p = [0.7, 0.2, 0.1, 0.5, 0.25, 0.25, 0.1, 0.8, 0.1, 0.05, 0.15, 0.8, 0, 0, 1, 1, 0, 0];
  const float64 = 1 / 4503599627370496;
  near(logLoss([0, 1, 1, 2, 2, 0], p, 3, float64), 0.36487606794784044);
  near(logLoss([0, 1, 1, 2, 2, 1], p, 3, float64), 6.372151632800699);
  assert.ok(logLoss([1], [1, 0], 2) < 16);
});

test('the first of equal probabilities is the answer', () => {
  assert.equal(argMax([0.1, 0.2, 0.4, 0.4, 0.2], 1, 4), 1);
  assert.equal(argMax([0.5, 0.5], 0, 2), 0);
});

test('Wilson intervals are those of SciPy and of Newcombe 1998, table I', () => {
  for (const [hits, n, low, high] of [
    [0, 10, 0, 0.27753279986288926],
    [10, 10, 0.7224672001371109, 1],
    [81, 263, 0.2552885198782742, 0.36620957698280004],
    [15, 148, 0.06238639953073629, 0.16048724172330803],
    [98, 100, 0.9299882092714561, 0.9944980324498377],
  ] as const) {
    const got = wilson(hits, n);
    near(got[0], low);
    near(got[1], high);
  }
  assert.deepEqual(wilson(0, 0), [0, 1]);
});

test('McNemar’s exact p values are those of SciPy’s binomial test', () => {
  for (const [b, c, p] of [
    [0, 0, 1],
    [1, 0, 1],
    [5, 0, 0.0625],
    [12, 4, 0.076812744140625],
    [10, 25, 0.016673847800120715],
    [3, 3, 1],
    [150, 121, 0.0887796125701743],
    [1000, 900, 0.023108845108901193],
  ] as const)
    assert.ok(Math.abs(mcnemar(b, c) - p) < 1e-10, `${b} ${c}: ${mcnemar(b, c)}`);
});

test('Holm raises each p value by the tests that are left, in order', () => {
  // By hand: sorted .01 ×3, .03 ×2, .04 ×1 raised to the one before it.
  const got = holm([0.04, 0.01, 0.03]);
  for (const [i, expected] of [0.06, 0.03, 0.06].entries()) near(got[i]!, expected);
  assert.deepEqual(holm([]), []);
});

test('quantiles lie between order statistics as NumPy’s do', () => {
  near(quantile([1, 2, 3, 4], 0.25), 1.75);
  near(quantile([5], 0.975), 5);
});

test('a bootstrap by group is wider than one by row where groups agree, and the same each time', () => {
  // 20 groups of 10 equal answers: 200 rows hold 20 pieces of information.
  const rows = Array.from({ length: 200 }, (_, i) => (Math.floor(i / 10) % 4 === 0 ? 0 : 1));
  const interval = (groups: readonly string[]) => {
    const share = (weights: Float64Array): number[] => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return [rows.reduce<number>((sum, row, i) => sum + row * weights[i]!, 0) / total];
    };
    return percentileInterval(groupDraws(groups, share, 'test')[0]!)!;
  };
  const grouped = interval(rows.map((_, i) => `group ${Math.floor(i / 10)}`));
  const alone = interval(rows.map((_, i) => `row ${i}`));
  // Wilson for 15 of 20 is .53 to .89, for 150 of 200 .69 to .80.
  assert.ok(grouped[0] > 0.5 && grouped[0] < 0.6 && grouped[1] > 0.88 && grouped[1] < 0.96, String(grouped));
  assert.ok(alone[0] > 0.67 && alone[0] < 0.71 && alone[1] > 0.79 && alone[1] < 0.83, String(alone));
  assert.deepEqual(interval(rows.map((_, i) => `row ${i}`)), alone);
});

test('a statistic that most draws cannot have gets no interval, and one group gives none', () => {
  const defined = groupDraws(['a', 'b', 'c'], (weights) => [weights[0]! > 1 ? 1 : null], 'rare');
  assert.equal(percentileInterval(defined[0]!), null);
  const alone = groupDraws(['a', 'a'], (weights) => [weights[0]!], 'alone');
  assert.equal(percentileInterval(alone[0]!), null);
  assert.equal(percentileInterval(groupDraws([], () => [1], 'none')[0]!), null);
});

test('the bootstrap’s p is never 0, two-sided, and asks more of few groups', () => {
  const spread = (centre: number) =>
    Float64Array.from({ length: 2020 }, (_, i) => centre + ((i % 101) - 50) / 50);
  // All draws above 0: by the draws 2/2021; by t with 4 degrees more, with many groups less.
  assert.equal(bootstrapP(spread(10), 10, 1000), 2 / 2021);
  const t = 2 / Math.sqrt(spread(2).reduce((sum, value) => sum + (value - 2) * (value - 2), 0) / 2019);
  near(bootstrapP(spread(2), 2, 5), studentP(t, 4));
  assert.ok(bootstrapP(spread(0), 0, 50) > 0.9);
  assert.equal(bootstrapP(new Float64Array(0), 1, 1), 1);
  // Five groups that agree to the last cell: 2^-4 at best.
  assert.equal(bootstrapP(new Float64Array(2000).fill(1), 1, 5), 0.0625);
});
