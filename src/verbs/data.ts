import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program that knows images and labels; this side only starts it. */
const PROGRAM = fileURLToPath(new URL('../../stages/tools/audit-data.js', import.meta.url));

export interface AuditRequest {
  readonly folder: string;
  /** The data set; left out where a division in the store is audited. */
  readonly source?: string;
  readonly samples?: string;
  readonly split?: string;
  readonly format?: string;
  readonly options: readonly string[];
  readonly json: boolean;
}

/** `bloodline data audit`: what makes measured accuracies untrue. The program speaks for itself; returns its exit code. */
export async function auditData(request: AuditRequest): Promise<number> {
  const { folder, source, samples, split, format, options, json } = request;
  const { execa } = await import('execa');
  const { exitCode, signal } = await execa(
    process.execPath,
    [
      PROGRAM,
      ...(samples === undefined ? [] : [`--samples=${resolve(folder, samples)}`]),
      ...(split === undefined ? [] : [`--split=${resolve(folder, split)}`]),
      ...(format === undefined ? [] : [`--format=${format}`]),
      ...options.map((option) => `--option=${option}`),
      ...(json ? ['--json'] : []),
      ...(source === undefined ? [] : ['--', resolve(folder, source)]),
    ],
    { cwd: folder, stdio: 'inherit', reject: false },
  );
  return exitCode ?? (signal === 'SIGINT' ? 130 : signal === undefined ? 70 : 143);
}
