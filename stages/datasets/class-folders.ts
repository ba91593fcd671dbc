/**
 * One folder a class: `FOLDER/<class>/…`, or with parts above, `FOLDER/training/<class>/…` beside `validation` and
 * `test`. An image is a cell. Folders inside a class folder are read too.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StageError } from 'bloodline-ml/stage';
import type { DatasetFormat } from '../imaging/dataset-format.ts';
import { filesBelow, isFolder, isImage, list } from '../imaging/folder.ts';
import type { Part } from '../imaging/samples.ts';

export const format = 'class-folders';
export const needsSource = true;
export const options = {
  group: 'Regular expression over the image’s path whose first bracket is the patient or smear.',
};

/** Names that folders of parts go by, lower case. */
const PART_NAMES: Readonly<Record<string, Part>> = {
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  test: 'test',
  testing: 'test',
};

export const read: DatasetFormat['read'] = async function* ({ source, options, expect, ignored }) {
  const root = source!;
  if (!isFolder(root))
    throw new StageError('class-folders reads a folder, and the source is a file.', 'Unpack it first.');
  const group = options.group === undefined ? null : groupPattern(String(options.group));
  const top = list(root);
  for (const name of top.hidden) ignored('hidden', name);
  for (const name of top.files) ignored('foreign', name);

  const parts = top.folders.filter((name) => PART_NAMES[name.toLowerCase()] !== undefined);
  const folders: { path: string; label: string; part: Part | null }[] = [];
  if (parts.length > 0) {
    // Beside folders of parts, others are not classes (Kaggle's TEST_SIMPLE).
    for (const name of top.folders) if (!parts.includes(name)) ignored('foreign', `${name}/`);
    for (const name of parts) {
      const inside = list(join(root, name));
      for (const file of inside.hidden) ignored('hidden', `${name}/${file}`);
      for (const file of inside.files) ignored('foreign', `${name}/${file}`);
      for (const label of inside.folders)
        folders.push({ path: `${name}/${label}`, label, part: PART_NAMES[name.toLowerCase()]! });
    }
  } else {
    for (const label of top.folders) folders.push({ path: label, label, part: null });
  }
  if (folders.length === 0)
    throw new StageError(
      `No class folders in the source${top.files.length > 0 ? `, only files such as ${top.files[0]}` : ''}.`,
      'Expected FOLDER/<class>/image.jpg, or FOLDER/training/<class>/image.jpg and FOLDER/validation/<class>/image.jpg.',
    );

  const images: { path: string; label: string; part: Part | null }[] = [];
  for (const { path: folder, label, part } of folders) {
    for (const { path, hidden } of filesBelow(root, folder)) {
      if (hidden) ignored('hidden', path);
      else if (!isImage(path)) ignored('foreign', path);
      else images.push({ path, label, part });
    }
  }
  expect(images.length);
  for (const { path, label, part } of images) {
    const found = group?.exec(path)?.[1];
    const cell = { label, box: null, ...(found === undefined ? {} : { group: found }) };
    yield { path, bytes: readFileSync(join(root, path)), cells: [cell], part };
  }
};

function groupPattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new StageError(`options.group is no regular expression: ${(error as Error).message}`);
  }
}
