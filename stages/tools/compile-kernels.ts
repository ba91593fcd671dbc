/**
 * Compiles the kernels (`wasm/*.as` of `engines`, on the wasm engine's heap, and of `imaging`, on a heap of their own)
 * into the constants that stages carry in their bundle, so that no file has to be found when they run.
 * `npm run kernels` writes them; a test holds them against their source.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const file = (of: Of, name: string): string => join(root, 'stages', of, 'wasm', name);

/** The folders of `stages` that have kernels. */
export const WITH_KERNELS = ['engines', 'imaging'] as const;
type Of = (typeof WITH_KERNELS)[number];

const MEMORY: Readonly<Record<Of, readonly string[]>> = {
  engines: ['--importMemory', '--initialMemory', '1', '--sharedMemory', '--enable', 'threads'],
  imaging: [],
};

/** The text of binary.ts. Throws with the compiler's own words. */
export async function compileKernels(of: Of): Promise<string> {
  const asc = await import('assemblyscript/asc');
  let binary: Uint8Array | undefined;
  const said: string[] = [];
  const { error } = await asc.main(
    [
      ...['kernels.ts', '--outFile', 'kernels.wasm', '-O3', '--noAssert', '--runtime', 'stub'],
      ...['--maximumMemory', '65536', '--enable', 'simd'],
      ...MEMORY[of],
    ],
    {
      // The compiler wants its own files to end in .ts; ours do not, so that TypeScript leaves them alone.
      readFile: (name) => {
        const source = file(of, name.replace(/\.ts$/, '.as'));
        return name.endsWith('.ts') && existsSync(source) ? readFileSync(source, 'utf8') : null;
      },
      writeFile: (name, contents) => {
        if (name === 'kernels.wasm') binary = Buffer.from(contents);
      },
      listFiles: () => [],
      stderr: { write: (chunk) => void said.push(String(chunk)) },
    },
  );
  if (error !== null || binary === undefined)
    throw new Error(`the kernels of ${of} do not compile: ${said.join('')}`);
  return [
    '// Made of kernels.as by `npm run kernels`; not to be edited.',
    '/** The compiled kernels, base64. */',
    'export const KERNELS =',
    `  '${Buffer.from(binary).toString('base64')}';`,
    '',
  ].join('\n');
}

/** The text of binary.ts as it is in the clone. */
export const committedKernels = (of: Of): string => readFileSync(file(of, 'binary.ts'), 'utf8');

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const of of WITH_KERNELS) writeFileSync(file(of, 'binary.ts'), await compileKernels(of));
