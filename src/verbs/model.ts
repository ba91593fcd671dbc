import { ok, type Result } from '../failure.ts';
import { findModel } from './find-model.ts';
import { runTool } from './tool.ts';
import type { Where } from './workspace.ts';

/** `bloodline model export MODEL DIR`. The program speaks for itself; the value is its exit code. */
export async function exportModel(
  where: Where,
  { model, to, format }: { readonly model: string; readonly to: string; readonly format: string },
): Promise<Result<number>> {
  const found = await findModel(where, model);
  if (!found.ok) return found;
  const code = await runTool(
    'export-model',
    [
      `--format=${format}`,
      ...(found.value.judged === null ? [] : [`--use=${found.value.judged.folder}`]),
      '--',
      found.value.folder,
      to,
    ],
    { cwd: where.folder },
  );
  return ok(code);
}
