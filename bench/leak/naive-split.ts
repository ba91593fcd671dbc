/**
 * What the tutorial does: cells are augmented, and then all pictures, copies too, are dealt out by chance.
 *
 * The test cells of the honest split beside it are left out of it all, so that what the network is really worth can be
 * measured as well: `assignment` tests on the tutorial's own test part, `truth` has the same training and tests on those.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stage } from 'bloodline-ml/stage';
import { random } from '../../stages/imaging/random.ts';
import { jsonLines, readDataset, readSamples } from '../../stages/imaging/samples.ts';
import { type Assignment, readAssignment } from '../../stages/learning/assignment.ts';

export const inputs = { samples: 'required', honest: 'required' } as const;
export const outputs = ['assignment', 'truth'] as const;
export const draws = true;

export const params = {
  perClass: {
    type: 'integer',
    minimum: 1,
    description: 'Training pictures of each class, copies among them.',
  },
} as const;
type Params = typeof params;

export default async function run({ params, seed, input, output, metric }: Stage<Params>) {
  const samples = readSamples(input('samples'));
  const { name, synthetic, classes } = readDataset(input('samples'));
  const held = new Set(readAssignment(input('honest')).test.cells.map(({ id }) => id));
  const parts: Assignment['part'][] = samples.map(() => 'unused');
  for (const label of classes) {
    const rows = samples.flatMap(({ label: own, id, source }, row) =>
      own === label && !held.has(source ?? id) ? [row] : [],
    );
    for (const [i, row] of random(seed, `deal ${label}`).shuffle(rows).entries()) {
      const at = i - params.perClass;
      parts[row] =
        at < 0
          ? 'train'
          : at < 0.25 * params.perClass
            ? 'validation'
            : at < 0.75 * params.perClass
              ? 'test'
              : 'unused';
    }
  }
  const trained = new Set(
    samples.flatMap(({ id, source }, row) => (parts[row] === 'train' ? [source ?? id] : [])),
  );
  const tested = samples.filter((_, row) => parts[row] === 'test');
  metric(
    'test pictures whose cell is trained on',
    tested.filter(({ id, source }) => trained.has(source ?? id)).length,
  );
  metric('test pictures', tested.length);

  for (const kind of ['assignment', 'truth'] as const) {
    const assignment = samples.map(({ id, label, group, source }, row): Assignment => {
      const part = kind === 'assignment' || parts[row] !== 'test' ? parts[row]! : 'unused';
      const augmented = source !== undefined;
      return {
        row,
        id,
        label: classes.indexOf(label),
        group,
        part: kind === 'truth' && held.has(id) ? 'test' : part,
        augmented,
      };
    });
    const count = (part: string) =>
      Object.fromEntries(
        classes.map((label, i) => [label, assignment.filter((a) => a.part === part && a.label === i).length]),
      );
    const counts = Object.fromEntries(
      ['train', 'validation', 'test', 'unused'].map((part) => [part, count(part)]),
    );
    await mkdir(output(kind));
    await writeFile(join(output(kind), 'assignment.jsonl'), jsonLines(assignment));
    await writeFile(
      join(output(kind), 'split.json'),
      `${JSON.stringify({ dataset: { name, synthetic }, classes, counts }, null, 2)}\n`,
    );
  }
}
