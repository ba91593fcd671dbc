/**
 * Names the cells of new images with a trained model: a program that prints a line a cell.
 *
 *     node predict.js MODEL IMAGE… [--boxes FILE] [--use FOLDER] [--json|--csv|--html] [--engine auto|native|wasm]
 *
 * MODEL is a folder that train-per-model made. An IMAGE is a file, or a folder whose files are all looked at; each shows
 * one cell, and its largest middle square is brought to the model's size exactly as resize-normalize does it; with a
 * table of boxes each box is a cell. `--use` names what evaluate found of the model (temperature, thresholds); a model's
 * own folder may hold it too. Exits with 1 where an image could not be read, 2 where it was called wrongly.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { StageError } from 'bloodline-ml/stage';
import { openEngine } from '../engines/engine.ts';
import { readUse } from '../judging/use.ts';
import { loadModel } from '../learning/saved-model.ts';
import { runMain } from './ending.ts';
import { asked } from './predicting/asked.ts';
import type { Unnamed } from './predicting/cutting.ts';
import { named } from './predicting/named.ts';
import { MOST_PICTURES, pageCard, pageEnd, pageStart } from './predicting/page.ts';
import { asCsv, asJson, asText } from './predicting/written.ts';

/** From so many images on, all threads there are are worth their start. */
const MANY = 2000;
/** Failures that are named on the page; all of them are named on stderr. */
const MOST_FAILURES = 200;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      csv: { type: 'boolean', default: false },
      html: { type: 'boolean', default: false },
      boxes: { type: 'string' },
      use: { type: 'string' },
      engine: { type: 'string', default: 'auto' },
    },
  });
  const [folder, ...given] = positionals;
  if (folder === undefined || (given.length === 0 && values.boxes === undefined))
    throw new StageError('predict takes a model’s folder and at least one image, or a table of boxes.');
  if ([values.json, values.csv, values.html].filter(Boolean).length > 1)
    throw new StageError('Give one of --json, --csv and --html.');
  if (!existsSync(join(folder, 'model.json')))
    throw new StageError(
      `There is no trained model in ${folder}.`,
      'Models lie in the store under latest/train-per-model@NAME/model.',
    );
  const wanted = asked(given, values.boxes ?? null);
  const about = count(wanted(), MANY);
  if (about === 0)
    throw new StageError(
      `There are no files in ${given.join(', ')}.`,
      'Give images, or folders with images.',
    );
  const use = readUse(values.use ?? folder);
  const engine = await openEngine({ want: values.engine as 'auto' });
  const loaded = await loadModel(folder, engine);
  const { classes } = loaded.model;
  if (use === null)
    say(
      'Nothing is known of how this model was evaluated: its probabilities are not calibrated, and it is never "not sure".',
    );

  const form = values.json ? asJson(classes) : values.csv ? asCsv(classes) : asText(classes);
  await print(values.html ? pageStart(loaded, use?.use ?? null) : form.head);
  const counter = progress();
  const failed: Unnamed[] = [];
  let [answered, unread] = [0, 0];
  for await (const one of named(loaded, use, wanted(), about)) {
    counter.step();
    if ('message' in one) {
      unread++;
      if (failed.length < MOST_FAILURES) failed.push(one);
      counter.clear();
      say(`${one.image}${one.id === null ? '' : ` [${one.id}]`}: ${one.message}`);
      continue;
    }
    answered++;
    if (!values.html) await print(form.line(one));
    else if (answered <= MOST_PICTURES) await print(await pageCard(one));
  }
  if (values.html) await print(pageEnd(answered, failed));
  counter.end(answered, unread);
  loaded.dispose();
  return unread > 0 ? 1 : 0;
}

/** How many there are, up to a number that is enough to know. */
function count(items: Iterable<unknown>, enough: number): number {
  let found = 0;
  for (const _ of items) if (++found === enough) break;
  return found;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Waits where the reader is slower than we: else all answers would pile up in memory. */
function print(text: string): Promise<void> {
  if (process.stdout.write(text)) return Promise.resolve();
  return new Promise((resolve) => process.stdout.once('drain', resolve));
}

/** How many are done and how fast, on a terminal; a last line for all who asked for many. */
function progress(): { step(): void; clear(): void; end(named: number, unread: number): void } {
  const start = performance.now();
  const terminal = process.stderr.isTTY === true;
  let [done, shown, drawn] = [0, start, false];
  const rate = (now: number): string => `${((done * 1000) / Math.max(1, now - start)).toFixed(0)} cells/s`;
  const clear = (): void => {
    if (drawn) process.stderr.write('\r\x1b[K');
    drawn = false;
  };
  return {
    step() {
      done++;
      const now = performance.now();
      if (!terminal || now - shown < 500) return;
      shown = now;
      process.stderr.write(`\r\x1b[K${done} cells, ${rate(now)}`);
      drawn = true;
    },
    clear,
    end(named, unread) {
      clear();
      if (done >= 100 || unread > 0)
        say(`${named} named${unread > 0 ? `, ${unread} not read` : ''}, ${rate(performance.now())}`);
    },
  };
}

// Whoever reads only the first lines closes the pipe: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
await runMain(main);
