import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { printDiagnostics } from '../../src/log/diagnostic.ts';
import type { Choices, Pipeline } from '../../src/pipeline/pipeline.ts';
import { readPipeline } from '../../src/pipeline/read-pipeline.ts';

/** A folder with a few empty stages, to read pipelines in. */
export function createProject() {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bloodline-pipeline-')));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const name of ['ingest', 'split', 'train', 'models/vgg16', 'models/custom-cnn'])
    write(`stages/${name}.ts`, '');
  write('stages/clean.py', '');
  const file = join(root, 'pipeline.yaml');
  return {
    root,
    file,
    write,
    read: (text: string, choices: Choices = {}) => readPipeline(file, text, choices),
    /** A pipeline that has no problems. */
    pipeline(text: string, choices: Choices = {}): Pipeline {
      const read = readPipeline(file, text, choices);
      if (!read.ok) throw new Error(this.problems(text, choices));
      return read.value;
    },
    /** All that is printed of a pipeline's problems, without the folder's name. */
    problems(text: string, choices: Choices = {}): string {
      const read = readPipeline(file, text, choices);
      if (read.ok) return 'no problems\n';
      if (read.error.reason !== 'invalid-pipeline') return `${JSON.stringify(read.error)}\n`;
      return `${printDiagnostics(read.error.diagnostics).replaceAll(`${root}/`, '')}\n`;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
