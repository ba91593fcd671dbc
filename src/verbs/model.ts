import { fileURLToPath } from 'node:url';
import { ok, type Result } from '../failure.ts';
import { findModel } from './find-model.ts';
import type { Where } from './workspace.ts';

/** The program that knows networks and formats; this side only starts it. */
const PROGRAM = fileURLToPath(new URL('../../stages/tools/export-model.js', import.meta.url));

/** `bloodline model export MODEL DIR`. The program speaks for itself; the value is its exit code. */
export async function exportModel(
  where: Where,
  { model, to, format }: { readonly model: string; readonly to: string; readonly format: string },
): Promise<Result<number>> {
  const found = await findModel(where, model);
  if (!found.ok) return found;
  const { execa } = await import('execa');
  const { exitCode, signal } = await execa(
    process.execPath,
    [
      PROGRAM,
      `--format=${format}`,
      ...(found.value.judged === null ? [] : [`--use=${found.value.judged.folder}`]),
      '--',
      found.value.folder,
      to,
    ],
    { cwd: where.folder, stdio: 'inherit', reject: false },
  );
  return ok(exitCode ?? (signal === 'SIGINT' ? 130 : signal === undefined ? 70 : 143));
}
