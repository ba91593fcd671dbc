/**
 * Compiles the wasm engine's kernels (stages/learning/wasm/*.as) into the constant that stages carry in their
 * bundle, so that no file has to be found when they run. `npm run kernels` writes it; a test holds it against its
 * source.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const SOURCES = join(root, 'stages/learning/wasm');
const BINARY = join(SOURCES, 'binary.ts');

/** The text of binary.ts. Throws with the compiler's own words. */
export async function compileKernels(): Promise<string> {
  const asc = await import('assemblyscript/asc');
  let binary: Uint8Array | undefined;
  const said: string[] = [];
  const { error } = await asc.main(
    [
      ...['kernels.ts', '--outFile', 'kernels.wasm', '-O3', '--noAssert', '--runtime', 'stub'],
      ...['--importMemory', '--initialMemory', '1', '--maximumMemory', '65536', '--sharedMemory'],
      ...['--enable', 'simd', '--enable', 'threads'],
    ],
    {
      // The compiler wants its own files to end in .ts; ours do not, so that TypeScript leaves them alone.
      readFile: (name) => {
        const file = join(SOURCES, name.replace(/\.ts$/, '.as'));
        return name.endsWith('.ts') && existsSync(file) ? readFileSync(file, 'utf8') : null;
      },
      writeFile: (name, contents) => {
        if (name === 'kernels.wasm') binary = Buffer.from(contents);
      },
      listFiles: () => [],
      stderr: { write: (chunk) => void said.push(String(chunk)) },
    },
  );
  if (error !== null || binary === undefined) throw new Error(`the kernels do not compile: ${said.join('')}`);
  return [
    '// Made of kernels.as by `npm run kernels`; not to be edited.',
    '/** The compiled kernels, base64. */',
    'export const KERNELS =',
    `  '${Buffer.from(binary).toString('base64')}';`,
    '',
  ].join('\n');
}

/** The text of binary.ts as it is in the clone. */
export const committedKernels = (): string => readFileSync(BINARY, 'utf8');

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(BINARY, await compileKernels());
