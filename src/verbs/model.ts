import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, ok, type Result } from '../failure.ts';
import { show } from './show.ts';
import type { Where } from './workspace.ts';

/** The program that knows networks and formats; this side only starts it. */
const PROGRAM = fileURLToPath(new URL('../../stages/tools/export-model.js', import.meta.url));

/** The folder of a trained model: itself, or the newest `model` of the stage of that name. */
export async function modelFolder(where: Where, name: string): Promise<Result<string>> {
  const folder = resolve(where.folder, name);
  if (existsSync(join(folder, 'model.json'))) return ok(folder);
  if (existsSync(folder))
    return usage(`there is no trained model in ${name}`, 'models lie in the store under latest/STAGE/model');
  const shown = await show(where, name);
  if (!shown.ok) return shown;
  const made = shown.value.flatMap(({ record, files }) =>
    files['model'] === undefined ? [] : [{ stage: record.stage, path: files['model'] }],
  );
  if (made.length === 1) return ok(made[0]!.path);
  if (made.length === 0) return usage(`${name} makes no model`);
  return usage(`${name} made several models`, `name one: ${made.map(({ stage }) => stage).join(', ')}`);
}

const usage = (message: string, help?: string): Result<never> =>
  fail({ reason: 'usage', message, ...(help === undefined ? {} : { help }) });

/** `bloodline model export MODEL DIR`. The program speaks for itself; the value is its exit code. */
export async function exportModel(
  where: Where,
  { model, to, format }: { readonly model: string; readonly to: string; readonly format: string },
): Promise<Result<number>> {
  const folder = await modelFolder(where, model);
  if (!folder.ok) return folder;
  const { execa } = await import('execa');
  const { exitCode, signal } = await execa(
    process.execPath,
    [PROGRAM, `--format=${format}`, '--', folder.value, to],
    { cwd: where.folder, stdio: 'inherit', reject: false },
  );
  return ok(exitCode ?? (signal === 'SIGINT' ? 130 : signal === undefined ? 70 : 143));
}
