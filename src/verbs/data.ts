import { resolve } from 'node:path';
import { runTool } from './tool.ts';

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
  return runTool(
    'audit-data',
    [
      ...(samples === undefined ? [] : [`--samples=${resolve(folder, samples)}`]),
      ...(split === undefined ? [] : [`--split=${resolve(folder, split)}`]),
      ...(format === undefined ? [] : [`--format=${format}`]),
      ...options.map((option) => `--option=${option}`),
      ...(json ? ['--json'] : []),
      ...(source === undefined ? [] : ['--', resolve(folder, source)]),
    ],
    { cwd: folder },
  );
}
