import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PixelsWriter } from '../../stages/imaging/pixels.ts';
import { jsonLines } from '../../stages/imaging/samples.ts';

/** Two classes that colour alone tells apart, 16 pixels, in 24 groups: dark red cells and light blue ones. */
export async function colours(folder: string): Promise<{ pixels: string; split: string }> {
  const [pixels, split] = [join(folder, 'pixels'), join(folder, 'split')];
  const size = 16;
  const rows = Array.from({ length: 96 }, (_, row) => ({
    row,
    id: `cell-${row}`,
    label: row % 2,
    group: `field-${Math.floor(row / 4)}`,
    part: row < 64 ? 'train' : row < 80 ? 'validation' : 'test',
    augmented: false,
  }));
  const writer = await PixelsWriter.create(
    pixels,
    size,
    rows.map(({ id }) => id),
  );
  for (const { row, label } of rows)
    writer.write(
      row,
      Uint8Array.from(
        { length: size * size * 3 },
        (_, i) => (label === 0 ? [150, 30, 40] : [120, 160, 230])[i % 3]! + ((i * 7 + row * 13) % 25),
      ),
    );
  writer.close();
  mkdirSync(split);
  writeFileSync(join(split, 'assignment.jsonl'), jsonLines(rows));
  const counts = (part: string): Record<string, number> => ({
    blue: rows.filter((row) => row.part === part && row.label === 1).length,
    red: rows.filter((row) => row.part === part && row.label === 0).length,
  });
  writeFileSync(
    join(split, 'split.json'),
    JSON.stringify({
      dataset: { name: 'colours', synthetic: true },
      classes: ['red', 'blue'],
      counts: { train: counts('train'), validation: counts('validation'), test: counts('test') },
      groups: { train: 16, validation: 4, test: 4 },
      balance: { target: 32, before: counts('train'), after: counts('train'), augmented: {}, unfilled: [] },
      leaks: { onLeak: 'fail', groupsChecked: 24, pairsChecked: 0, found: [], dropped: 0 },
    }),
  );
  return { pixels, split };
}
