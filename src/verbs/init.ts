import { existsSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, ok, type Result } from '../failure.ts';
import { whyNoFolder } from '../store/why-no-folder.ts';

/** The folder of the package that is running: a new project is tied to it. */
const PACKAGE = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

const FILES: Readonly<Record<string, string>> = {
  'pipeline.yaml': `# yaml-language-server: $schema=./node_modules/bloodline-ml/schemas/pipeline.schema.json
name: my-pipeline
seed: 42

params:
  count: 1000 # numbers drawn by the first stage

profiles:
  quick: { count: 10 } # bloodline run --profile quick

stages:
  draw:
    run: stages/draw.ts
    params: { count: "\${count}" }

  sort:
    command: 'sort -n "$BLOODLINE_INPUT_NUMBERS" > "$BLOODLINE_OUTPUT_SORTED"'
    inputs: { numbers: draw.numbers }
    outputs: [sorted]

  summarize:
    run: stages/summarize.ts
    inputs: { sorted: sort.sorted }
`,
  'stages/draw.ts': `/** Draws numbers between 0 and 1 from a generator of its own, so that a seed gives the same ones everywhere. */
import { writeFile } from 'node:fs/promises';
import type { Stage } from 'bloodline-ml/stage';

export const outputs = ['numbers'] as const;
export const draws = true;
export const params = {
  count: { type: 'integer', minimum: 1, default: 100, unit: 'numbers', description: 'How many are drawn.' },
} as const;
type Params = typeof params;

export default async function run({ params, seed, output, progress }: Stage<Params>) {
  let state = seed;
  const numbers: number[] = [];
  for (let i = 0; i < params.count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    numbers.push(state / 4294967296);
    progress(i + 1, params.count);
  }
  await writeFile(output('numbers'), numbers.join('\\n') + '\\n');
}
`,
  'stages/summarize.ts': `/** The median and the mean of sorted numbers, one a line. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Stage, StageError } from 'bloodline-ml/stage';

export const inputs = { sorted: 'required' } as const;
export const outputs = ['summary'] as const;
export const params = {} as const;

export default async function run({ input, output, metric }: Stage<typeof params>) {
  const numbers = (await readFile(input('sorted'), 'utf8')).split('\\n').filter(Boolean).map(Number);
  if (numbers.length === 0) throw new StageError('there are no numbers', 'draw at least one');
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const median = numbers[numbers.length >> 1]!;
  metric('mean', mean);
  metric('median', median);
  await mkdir(output('summary'));
  await writeFile(join(output('summary'), 'summary.md'), \`| mean | median |\\n|---|---|\\n| \${mean.toFixed(3)} | \${median.toFixed(3)} |\\n\`);
}
`,
  '.gitignore': 'node_modules/\nartifacts/\n',
};

const packageJson = (name: string): string =>
  `${JSON.stringify(
    {
      name,
      private: true,
      type: 'module',
      scripts: { start: 'bloodline run' },
      dependencies: { 'bloodline-ml': `file:${PACKAGE}` },
    },
    null,
    2,
  )}\n`;

/**
 * `bloodline init DIR`: a small pipeline of one's own that runs. Ties it to the package that made it by a link in
 * node_modules, as npm would for its `file:` dependency. Writes nothing where a file of it is there already.
 */
export function init(folder: string): Result<{ readonly folder: string; readonly files: readonly string[] }> {
  const root = resolve(folder);
  const files: Record<string, string> = { ...FILES, 'package.json': packageJson(projectName(root)) };
  const taken = Object.keys(files).filter((file) => existsSync(join(root, file)));
  if (taken.length > 0)
    return fail({
      reason: 'usage',
      message: `${root} has ${taken.join(', ')} already; nothing was written`,
      help: 'name a folder that is new or empty',
    });
  const refused = whyNoFolder(root);
  if (refused !== null)
    return fail({ reason: 'usage', message: `no project can be made in ${root}: ${refused.message}` });
  try {
    write(root, files);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return fail({ reason: 'usage', message: `no project can be made in ${root}: ${message}` });
  }
  return ok({ folder: root, files: Object.keys(files) });
}

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  linkIfFree(PACKAGE, join(root, 'node_modules', 'bloodline-ml'));
  linkIfFree('../bloodline-ml/bin/bloodline.js', join(root, 'node_modules', '.bin', 'bloodline'));
}

function linkIfFree(target: string, link: string): void {
  mkdirSync(dirname(link), { recursive: true });
  if (lstatSync(link, { throwIfNoEntry: false }) === undefined) symlinkSync(target, link);
}

/** npm's rules for a name: lower case, no leading dot. */
const projectName = (root: string): string =>
  root
    .split('/')
    .at(-1)!
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '') || 'my-pipeline';
