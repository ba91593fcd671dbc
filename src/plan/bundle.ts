import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import type { BuildOptions, BuildResult, Message, OutputFile, Plugin } from 'esbuild';
import { type CodeDigest, sha256 } from '../digest.ts';
import { type Diagnostic, fail, type Location, ok, type Result } from '../failure.ts';
import type { BuiltModule } from './code.ts';

/** Raised when the options below change what a bundle looks like: cached builds of an older kind are then not used. */
export const BUNDLE_FORMAT = 1;

/**
 * What of a file is kept: `'default'` what its default export reaches, so that the schema literal of a stage falls out
 * and a better description of a parameter changes nothing; `'named'` all exports but that one, which is what a stage
 * says of itself; `'all'` everything.
 */
export type Keep = 'default' | 'named' | 'all';

export interface Bundle extends BuiltModule {
  /** Files that went into it, relative to the root. */
  readonly inputs: readonly string[];
  /** Whether each import names its file in full: then the same files give the same bundle, whatever else is there. */
  readonly exact: boolean;
}

/**
 * Bundles a TypeScript file of the pipeline.
 *
 * White space and comments are taken out and names are kept, so that traces can be read. Nothing in the text depends
 * on where the checkout lies; the project's tsconfig.json is not read.
 */
export async function bundle(
  root: string,
  file: string,
  keep: Keep,
  at: Location,
): Promise<Result<Bundle, readonly Diagnostic[]>> {
  const esbuild = await import('esbuild');
  const entry: BuildOptions =
    keep === 'all'
      ? { entryPoints: [file] }
      : {
          stdin: {
            contents: `export ${keep === 'named' ? '*' : '{ default }'} from ${JSON.stringify(`./${file}`)};`,
            resolveDir: root,
            sourcefile: ENTRY,
            loader: 'js',
          },
        };
  let result: BuildResult<{ write: false; metafile: true }>;
  try {
    result = await esbuild.build({
      ...entry,
      absWorkingDir: root,
      // Nothing is written; this makes the paths in the source map relative to the root.
      outfile: join(root, 'bundle.mjs'),
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      minifyWhitespace: true,
      legalComments: 'none',
      charset: 'utf8',
      sourcemap: 'external',
      tsconfigRaw: { compilerOptions: { useDefineForClassFields: true } },
      loader: { '.wasm': 'binary' },
      // A schema needs no package, and is the same whatever the stage's code imports.
      plugins: keep === 'named' ? [withoutUnusedPackages] : [],
      logLevel: 'silent',
      logLimit: 50,
    });
  } catch (error) {
    const { errors } = error as { errors?: Message[] };
    if (errors === undefined) throw error;
    return fail(errors.map((message) => diagnostic(root, file, message, at)));
  }
  const text = textOf(result.outputFiles, '.mjs');
  const { metafile } = result;
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const inputs = Object.entries(metafile.inputs).filter(([path]) => path !== ENTRY);
  return ok({
    code: sha256<'executed code'>(text) as CodeDigest,
    text,
    map: textOf(result.outputFiles, '.map'),
    packages: packageNames(imports.filter(({ external }) => external).map(({ path }) => path)),
    inputs: inputs.map(([path]) => path).sort(),
    exact: inputs.every(([, { imports }]) =>
      imports.every(
        ({ external, original, path }) => external || original === undefined || namesWhole(original, path),
      ),
    ),
  });
}

const ENTRY = '<stage>';

const withoutUnusedPackages: Plugin = {
  name: 'without unused packages',
  setup(build) {
    build.onResolve({ filter: /^[^./#]/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path, external: true, sideEffects: false },
    );
  },
};

/** `./layers.ts` names `src/layers.ts` in full, `./layers` does not: another file could come to stand in its way. */
function namesWhole(original: string, path: string): boolean {
  return path.endsWith(original.replace(/^(\.{1,2}\/)+/, ''));
}

/** `@scope/name/deep` → `@scope/name`; Node's own modules and this package left out. */
function packageNames(specifiers: readonly string[]): readonly string[] {
  const names = specifiers
    .filter((specifier) => !isBuiltin(specifier) && !specifier.startsWith('#'))
    .map((specifier) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    )
    .filter((name) => name !== 'bloodline-ml');
  return [...new Set(names)].sort();
}

function textOf(files: readonly OutputFile[], ending: string): string {
  return files.find(({ path }) => path.endsWith(ending))?.text ?? '';
}

/** esbuild counts columns from 0 in UTF-8 bytes. What it finds in our own entry is said of the pipeline's line. */
function diagnostic(
  root: string,
  file: string,
  { text, location, notes }: Message,
  at: Location,
): Diagnostic {
  if (location === null || location.file === ENTRY) {
    const message = text.startsWith('No matching export') ? `${file} has no default export` : text;
    const help = text.startsWith('No matching export')
      ? 'A stage exports its function: export default async function run({ params, input, output }) { … }'
      : undefined;
    return { severity: 'error', message, at, ...(help === undefined ? {} : { help }) };
  }
  const upTo = (bytes: number) => Buffer.from(location.lineText).subarray(0, bytes).toString().length;
  const help = notes.find((note) => note.location === null)?.text ?? location.suggestion;
  return {
    severity: 'error',
    message: text.replace(/\.$/, ''),
    at: {
      file: relative(root, join(root, location.file)),
      line: location.line,
      column: upTo(location.column) + 1,
      length: Math.max(1, upTo(location.column + location.length) - upTo(location.column)),
      text: location.lineText,
    },
    ...(help === '' || help === undefined ? {} : { help }),
  };
}
