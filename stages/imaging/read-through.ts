import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StageError } from 'bloodline-ml/stage';
import { checkBoxes } from './boxes.ts';
import type { DatasetFormat, SourceImage } from './dataset-format.ts';
import type { Fingerprint } from './fingerprint.ts';
import { openLookers } from './looking.ts';
import { nearDuplicates } from './near-duplicates.ts';
import { orderedMap } from './ordered-map.ts';
import { judge, type Quality, qualityMarkdown } from './quality.ts';
import { byCodeUnit, type Part, type Sample, writeSamples } from './samples.ts';
import { ShardWriter } from './shards.ts';
import { type Circumstances, findShortcuts } from './shortcuts.ts';

/** What is known once a source was read through. */
export interface Ingested {
  readonly images: readonly { readonly path: string; readonly fingerprint: Fingerprint }[];
  readonly samples: readonly Sample[];
  readonly quality: Quality;
  readonly perSecond: number;
}

/**
 * Reads a data set through: images into shards, cells into rows, and what is wrong with them, in three folders. Every
 * image is decoded once, to know that it can be read and what it looks like. Throws a StageError where nothing can be
 * made of the source.
 */
export async function readThrough({
  format,
  source,
  options,
  name,
  to,
  progress,
  warn,
  signal,
}: {
  readonly format: DatasetFormat;
  readonly source: string | null;
  readonly options: Readonly<Record<string, unknown>>;
  /** What the data set is called; null: as its format. */
  readonly name: string | null;
  readonly to: { readonly images: string; readonly samples: string; readonly quality: string };
  progress(done: number, total: number, label: string): void;
  warn(message: string): void;
  readonly signal: AbortSignal;
}): Promise<Ingested> {
  for (const option of Object.keys(options))
    if (!(option in format.options))
      throw new StageError(
        `The format ${format.format} has no option ${JSON.stringify(option)}.`,
        `It takes ${Object.keys(format.options).join(', ') || 'none'}.`,
      );

  const ignored = { hidden: [] as string[], foreign: [] as string[] };
  let expected = 0;
  const leftOut: { path: string; message: string }[] = [];
  const images = format.read({
    source: source,
    options,
    expect: (images) => {
      expected = images;
    },
    ignored: (why, path) => ignored[why].push(path),
    problem: (path, message) => leftOut.push({ path, message }),
  });

  const shards = await ShardWriter.create(to.images);
  const samples: Sample[] = [];
  const readable: { path: string; fingerprint: Fingerprint }[] = [];
  const circumstances: Circumstances[] = [];
  const parts = new Map<string, Part | null>();
  const unreadable: { path: string; message: string }[] = [];
  const boxes: Quality['boxes'][number][] = [];
  const start = performance.now();
  let done = 0;
  // Opened with the first image: until then nobody knows how many there will be.
  let lookers: ReturnType<typeof openLookers> | undefined;
  const look = async (image: SourceImage) => {
    lookers ??= openLookers(undefined, expected);
    return { image, looked: await lookers.do(image.bytes) };
  };
  try {
    for await (const { image, looked } of orderedMap(images, () => lookers?.width ?? 1, look)) {
      signal.throwIfAborted();
      done++;
      progress(done, Math.max(done, expected), `image ${done}`);
      if ('message' in looked) {
        unreadable.push({ path: image.path, message: looked.message });
        continue;
      }
      if (parts.has(image.path))
        throw new StageError(
          `The format ${format.format} gave ${image.path} twice.`,
          'Give each image once, with all its cells.',
        );
      const { width, height, border } = looked;
      shards.add(image.path, image.bytes);
      parts.set(image.path, image.part);
      readable.push({ path: image.path, fingerprint: looked.fingerprint });
      const checked = checkBoxes(image.cells, width, height);
      boxes.push(...checked.problems.map((problem) => ({ path: image.path, ...problem })));
      for (const [i, { label, box, group, flags }] of checked.cells.entries()) {
        const sample: Sample = {
          id: box === null && checked.cells.length === 1 ? image.path : `${image.path}#${i}`,
          label,
          image: image.path,
          imageSize: [width, height],
          box,
          group: group ?? image.path,
          part: image.part,
          flags,
        };
        samples.push(sample);
        circumstances.push({ sample, bytes: image.bytes.length, border });
      }
    }
  } finally {
    await lookers?.close();
  }
  await shards.close();
  const perSecond = Math.round((1000 * done) / (performance.now() - start));
  if (done === 0)
    throw new StageError(`No image found in the source.`, `Is it really of the format ${format.format}?`);
  if (readable.length === 0)
    throw new StageError(
      `None of the ${done} images can be read; the first: ${unreadable[0]!.path}: ${unreadable[0]!.message}`,
    );
  if (samples.length === 0) throw new StageError(`The source has ${done} images and not one labelled cell.`);
  if (unreadable.length > 0)
    warn(
      `${unreadable.length} of ${done} images cannot be read and are left out; they are named in quality.md`,
    );

  const classes = [...new Set(samples.map(({ label }) => label))].sort(byCodeUnit);
  if (classes.length < 2)
    throw new StageError(
      `All ${samples.length} cells have one label, ${JSON.stringify(classes[0])}: there is nothing to tell apart.`,
      format.format === 'class-folders' ? 'Is the source one folder too high, or too low?' : undefined,
    );
  const alike = nearDuplicates(readable);
  const twins = new Set(alike.flatMap(({ a, b }) => [a, b]));
  await writeSamples(to.samples, {
    samples: samples.map((sample) =>
      twins.has(sample.image) ? { ...sample, flags: [...sample.flags, 'looks-like-another'] } : sample,
    ),
    dataset: {
      name: name ?? format.format,
      format: format.format,
      classes,
      synthetic: !format.needsSource,
      ...(format.licence === undefined ? {} : { licence: format.licence }),
    },
    nearDuplicates: alike,
  });

  const quality = judge({
    samples,
    images: readable.map(({ path }) => path),
    parts,
    nearDuplicates: alike,
    shortcuts: findShortcuts(circumstances),
    unreadable,
    boxes,
    source: leftOut,
    ignored: { hidden: ignored.hidden.sort(byCodeUnit), foreign: ignored.foreign.sort(byCodeUnit) },
  });
  for (const { from, balanced, chance, tells } of quality.shortcuts)
    if (tells && from !== 'box size')
      warn(
        `The label can be told from the ${from} alone: mean recall ${percent(balanced)}, guessing ${percent(chance)}. Read results with that in mind.`,
      );
  await mkdir(to.quality);
  await writeFile(join(to.quality, 'quality.json'), `${JSON.stringify(quality, null, 2)}\n`);
  await writeFile(join(to.quality, 'quality.md'), qualityMarkdown(name ?? format.format, quality));
  return { images: readable, samples, quality, perSecond };
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
