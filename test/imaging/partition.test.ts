import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planCopies } from '../../stages/imaging/balance.ts';
import { findLeaks } from '../../stages/imaging/leaks.ts';
import { inseparable, type Member, PARTS, partition } from '../../stages/imaging/partition.ts';
import { random } from '../../stages/imaging/random.ts';
import { byCodeUnit, type NearDuplicate, type Part } from '../../stages/imaging/samples.ts';
import { type Candidate, trim } from '../../stages/imaging/trim.ts';

/** A data set of any shape: groups of several images, images of several cells, some pairs of like images. */
function drawMembers(seed: number): { members: Member[]; pairs: NearDuplicate[] } {
  const draw = random(seed, 'members');
  const labels = ['a', 'b', 'c', 'd'].slice(0, 2 + draw.integer(3));
  const groups = 20 + draw.integer(60);
  const members: Member[] = [];
  for (let group = 0; group < groups; group++)
    for (let image = 0; image <= draw.integer(3); image++)
      for (let cell = 0; cell <= draw.integer(6); cell++)
        members.push({
          group: `g${group}`,
          image: `g${group}/${image}`,
          label: labels[Math.min(draw.integer(6), labels.length - 1)]!,
        });
  const images = [...new Set(members.map(({ image }) => image))];
  const pairs = Array.from({ length: draw.integer(6) }, () => {
    const [a, b] = [images[draw.integer(images.length)]!, images[draw.integer(images.length)]!].sort(
      byCodeUnit,
    ) as [string, string];
    return { a, b, distance: 0 };
  });
  return { members, pairs };
}

test('no split of any data set tears a group, an image or a like pair', () => {
  for (let seed = 0; seed < 60; seed++) {
    const { members, pairs } = drawMembers(seed);
    const sets = inseparable(members, pairs);
    assert.deepEqual(
      sets.flat().sort((a, b) => a - b),
      members.map((_, row) => row),
      `seed ${seed}: each row once`,
    );
    const chosen = partition(sets, members, { train: 0.7, validation: 0.15, test: 0.15 }, seed);
    const parts: Part[] = [];
    for (const [i, set] of sets.entries()) for (const row of set) parts[row] = chosen[i]!;
    assert.deepEqual(findLeaks(members, parts, pairs), [], `seed ${seed}`);
    assert.deepEqual(partition(sets, members, { train: 0.7, validation: 0.15, test: 0.15 }, seed), chosen);
    for (const part of PARTS) assert.ok(parts.includes(part), `seed ${seed}: ${part} is empty`);
    // Near the shares for each label, as far as whole groups allow.
    for (const label of new Set(members.map((member) => member.label))) {
      const rows = members.map((_, row) => row).filter((row) => members[row]!.label === label);
      const share = rows.filter((row) => parts[row] === 'train').length / rows.length;
      assert.ok(share > 0.5 && share < 0.9, `seed ${seed}: ${share} of ${label} in training`);
    }
  }
});

test('single cells are divided to within one of the shares', () => {
  const members = Array.from({ length: 400 }, (_, i) => ({
    group: `${i}`,
    image: `${i}`,
    label: i % 4 === 0 ? 'rare' : 'often',
  }));
  const chosen = partition(inseparable(members, []), members, { train: 7, validation: 1.5, test: 1.5 }, 5);
  for (const [label, wanted] of [
    ['rare', [70, 15, 15]],
    ['often', [210, 45, 45]],
  ] as const) {
    const counts = PARTS.map(
      (part) => members.filter((member, i) => member.label === label && chosen[i] === part).length,
    );
    for (const [i, count] of counts.entries())
      assert.ok(Math.abs(count - wanted[i]!) <= 1, `${label}: ${counts}`);
  }
});

test('a part without a share gets nothing', () => {
  const members = Array.from({ length: 50 }, (_, i) => ({ group: `${i}`, image: `${i}`, label: 'a' }));
  const chosen = partition(inseparable(members, []), members, { train: 0.8, validation: 0.2, test: 0 }, 5);
  assert.equal(chosen.filter((part) => part === 'validation').length, 10);
  assert.ok(!chosen.includes('test'));
});

test('a chain of like images stays together', () => {
  const members = ['a', 'b', 'c', 'd'].map((name) => ({ group: name, image: name, label: 'x' }));
  const pairs = [
    { a: 'a', b: 'b', distance: 0 },
    { a: 'b', b: 'c', distance: 0 },
  ];
  assert.deepEqual(inseparable(members, pairs), [[0, 1, 2], [3]]);
});

test('leaks are found by group, by image and by look', () => {
  const members: Member[] = [
    { group: 'g', image: '1', label: 'x' },
    { group: 'g', image: '2', label: 'x' },
    { group: 'h', image: '3', label: 'x' },
    { group: 'i', image: '4', label: 'x' },
  ];
  const leaks = findLeaks(
    members,
    ['train', 'test', 'validation', 'unused'],
    [
      { a: '1', b: '3', distance: 0.01 },
      { a: '2', b: '4', distance: 0.01 },
    ],
  );
  assert.deepEqual(leaks, [
    { kind: 'group', a: 'g', partA: 'train', b: 'g', partB: 'test' },
    { kind: 'near-duplicate', a: '1', partA: 'train', b: '3', partB: 'validation' },
  ]);
});

test('copies are planned for what the split may leave', () => {
  const each = (expected: Record<string, number>, options: Partial<Parameters<typeof planCopies>[1]> = {}) =>
    Object.fromEntries(
      [
        ...planCopies(new Map(Object.entries(expected)), {
          perClass: null,
          maxCopies: 15,
          uneven: false,
          ...options,
        }),
      ].map(([label, plan]) => [label, plan.fills ? plan.each : `${plan.each}, too few`]),
    );
  assert.deepEqual(each({ a: 240, b: 240 }), { a: 0, b: 0 });
  assert.deepEqual(each({ a: 240, b: 237 }), { a: 0, b: 0 }); // 1.3 % short is even enough
  assert.deepEqual(each({ a: 200, b: 50 }), { a: 0, b: 3 });
  assert.deepEqual(each({ a: 200, b: 49 }), { a: 0, b: 4 });
  // Groups may leave b 30 % short, or a as much larger: 260 - 50 over 50.
  assert.deepEqual(each({ a: 200, b: 50 }, { uneven: true }), { a: 0, b: 5 });
  assert.deepEqual(each({ a: 100, b: 100 }, { uneven: true }), { a: 1, b: 1 });
  assert.deepEqual(each({ a: 2000, b: 300, c: 10 }, { perClass: 1000 }), { a: 0, b: 3, c: '15, too few' });
  assert.deepEqual(each({ a: 200, b: 50 }, { maxCopies: 0 }), { a: 0, b: '0, too few' });
});

test('training is evened out by lowest ranks, and capped where asked', () => {
  const candidates: Candidate[] = [];
  for (let i = 0; i < 100; i++) candidates.push({ row: candidates.length, label: 'often', rank: null });
  for (let i = 0; i < 30; i++)
    for (const rank of [null, 0, 1, 2]) candidates.push({ row: candidates.length, label: 'rare', rank });
  for (let i = 0; i < 5; i++)
    for (const rank of [null, 0]) candidates.push({ row: candidates.length, label: 'few', rank });
  const count = (rows: ReadonlySet<number>, label: string, rank?: number | null) =>
    candidates.filter((c) => rows.has(c.row) && c.label === label && (rank === undefined || c.rank === rank))
      .length;

  const even = trim(candidates, null, 1);
  assert.equal(even.target, 100);
  assert.deepEqual(
    ['often', 'rare', 'few'].map((label) => count(even.rows, label)),
    [100, 100, 10],
  );
  assert.deepEqual(
    [null, 0, 1, 2].map((rank) => count(even.rows, 'rare', rank)),
    [30, 30, 30, 10],
  );

  const capped = trim(candidates, 20, 1);
  assert.deepEqual(
    ['often', 'rare', 'few'].map((label) => count(capped.rows, label)),
    [20, 20, 10],
  );
  assert.equal(count(capped.rows, 'rare', null), 20);
  assert.notDeepEqual([...trim(candidates, 20, 2).rows], [...capped.rows]);
});
