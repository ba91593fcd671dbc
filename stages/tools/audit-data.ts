/**
 * Looks for what makes measured accuracies untrue: a program that prints what it finds.
 *
 *     node audit-data.js FOLDER [--format NAME] [--option NAME=VALUE]… [--json]
 *     node audit-data.js --samples FOLDER --split FOLDER [--json]
 *
 * The first reads a data set and audits the parts that it names itself, if it does; the second audits a division that
 * `split`, or another stage with such outputs, made. Exits with 1 where something crosses the parts, or an image cannot
 * be read; with 2 where it was called wrongly.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { StageError } from 'bloodline-ml/stage';
import { type Audit, audit, auditText, checkedAgainstPixels } from '../imaging/audit.ts';
import type { DatasetFormat } from '../imaging/dataset-format.ts';
import { decode } from '../imaging/decode.ts';
import { isFile, isFolder, list } from '../imaging/folder.ts';
import { ownParts } from '../imaging/own-split.ts';
import { pixelCorrelation } from '../imaging/pixel-check.ts';
import { type Quality, qualityMarkdown } from '../imaging/quality.ts';
import { readThrough } from '../imaging/read-through.ts';
import { readNearDuplicates, readSamples } from '../imaging/samples.ts';
import { ShardReader } from '../imaging/shards.ts';
import { readAssignment } from '../learning/assignment.ts';
import { runMain } from './ending.ts';

const FORMATS = {
  'class-folders': () => import('../datasets/class-folders.ts'),
  csv: () => import('../datasets/csv.ts'),
  npz: () => import('../datasets/npz.ts'),
  'pascal-voc': () => import('../datasets/pascal-voc.ts'),
} as const satisfies Readonly<Record<string, () => Promise<DatasetFormat>>>;
type FormatName = keyof typeof FORMATS;

/** Pairs that look alike are checked against their pixels, up to so many. */
const MOST_CHECKED = 200;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      format: { type: 'string' },
      option: { type: 'string', multiple: true, default: [] },
      samples: { type: 'string' },
      split: { type: 'string' },
    },
  });
  const [source, ...others] = positionals;
  const divided = values.samples !== undefined && values.split !== undefined;
  if (others.length > 0 || divided === (source !== undefined))
    throw new StageError(
      'data audit takes one folder with a data set, or --samples and --split.',
      'Those are outputs in the store: latest/balance-augment/samples and latest/split/assignment.',
    );
  const { found, quality } = divided
    ? { found: auditSplit(values.samples!, values.split!), quality: null }
    : await auditSource(source!, values.format, values.option);
  if (values.json) process.stdout.write(`${JSON.stringify({ ...found, quality }, null, 2)}\n`);
  else {
    if (quality !== null) process.stdout.write(`${qualityMarkdown(source!, quality)}\n`);
    process.stdout.write(
      found === null ? 'The source has no parts of its own: nothing can cross.\n' : auditText(found),
    );
  }
  const crossed = found !== null && found.leaks.length + found.copiesOutsideTraining.length > 0;
  return crossed || (quality !== null && quality.unreadable.length > 0) ? 1 : 0;
}

function auditSplit(samplesFolder: string, split: string): Audit {
  for (const [folder, file] of [
    [samplesFolder, 'samples.jsonl'],
    [split, 'assignment.jsonl'],
  ] as const)
    if (!existsSync(join(folder, file))) throw new StageError(`There is no ${file} in ${folder}.`);
  const samples = readSamples(samplesFolder);
  const { train, validation, test, unused } = readAssignment(split);
  const cells = [train, validation, test, unused].flatMap((part) => part.cells);
  cells.sort((a, b) => a.row - b.row);
  if (cells.length !== samples.length || cells.some(({ id }, row) => samples[row]!.id !== id))
    throw new StageError(
      `${split} does not divide the cells of ${samplesFolder}.`,
      'Give the samples that the split was made from.',
    );
  return audit(
    samples,
    cells.map(({ part }) => part),
    readNearDuplicates(samplesFolder),
    [],
  );
}

async function auditSource(
  source: string,
  name: string | undefined,
  settings: readonly string[],
): Promise<{ found: Audit | null; quality: Quality }> {
  if (!existsSync(source)) throw new StageError(`There is no ${source}.`);
  const known = Object.keys(FORMATS).join(', ');
  if (name !== undefined && !(name in FORMATS))
    throw new StageError(`There is no format ${JSON.stringify(name)}.`, `There are ${known}.`);
  const format = await FORMATS[(name as FormatName | undefined) ?? formatOf(source)]();
  const options = Object.fromEntries(
    settings.map((text) => {
      const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (key === undefined) throw new StageError(`--option takes NAME=VALUE, not ${JSON.stringify(text)}.`);
      return [key, value];
    }),
  );
  const place = mkdtempSync(join(tmpdir(), 'bloodline-audit-'));
  try {
    const { images, samples, quality } = await readThrough({
      format,
      source,
      options,
      name: null,
      to: { images: join(place, 'images'), samples: join(place, 'samples'), quality: join(place, 'quality') },
      progress: () => {},
      warn: (message) => void process.stderr.write(`${message}\n`),
      signal: new AbortController().signal,
    });
    const parts = ownParts(samples);
    const pairs = readNearDuplicates(join(place, 'samples'));
    if (parts === null) return { found: null, quality };
    const shards = new ShardReader(join(place, 'images'));
    const picture = async (path: string) => decode(await shards.read(path));
    const found = await checkedAgainstPixels(
      audit(samples, parts, pairs, images),
      async (a, b) => pixelCorrelation(await picture(a), await picture(b)),
      MOST_CHECKED,
    );
    await shards.close();
    return { found, quality };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** What a source looks like from outside. */
function formatOf(source: string): FormatName {
  if (isFile(source)) return /\.npz$/i.test(source) ? 'npz' : 'csv';
  const { folders, files } = list(source);
  const voc = (names: readonly string[]): boolean =>
    names.includes('Annotations') && names.includes('JPEGImages');
  if (
    voc(folders) ||
    folders.some((name) => isFolder(join(source, name)) && voc(list(join(source, name)).folders))
  )
    return 'pascal-voc';
  if (files.some((name) => /\.npz$/i.test(name))) return 'npz';
  return files.some((name) => /\.csv$/i.test(name)) ? 'csv' : 'class-folders';
}

await runMain(main);
