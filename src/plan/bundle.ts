import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, extname, join } from 'node:path';
import type { BuildResult, Loader, Message, OutputFile, Plugin, StdinOptions } from 'esbuild';
import { type CodeDigest, sha256 } from '../digest.ts';
import { type Diagnostic, fail, type Location, ok, type Result } from '../failure.ts';
import type { BuiltModule } from './code.ts';

/** Raised when the options below change what a bundle looks like: cached builds of an older kind are then not used. */
export const BUNDLE_FORMAT = 3;

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
  // A whole file goes in under a name of no meaning: esbuild makes identifiers of names of files.
  const own = keep === 'all' ? join(dirname(file), MODULE) : ENTRY;
  const stdin: StdinOptions =
    keep === 'all'
      ? {
          contents: readFileSync(join(root, file), 'utf8'),
          resolveDir: dirname(join(root, file)),
          sourcefile: MODULE,
          loader: LOADERS[extname(file)] ?? 'ts',
        }
      : {
          contents: `export ${keep === 'named' ? '*' : '{ default }'} from ${JSON.stringify(`./${file}`)};`,
          resolveDir: root,
          sourcefile: own,
          loader: 'js',
        };
  let result: BuildResult<{ write: false; metafile: true }>;
  try {
    result = await esbuild.build({
      stdin,
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
      plugins: keep === 'named' ? [withoutUnusedImports] : [],
      logLevel: 'silent',
      logLimit: 50,
    });
  } catch (error) {
    const { errors } = error as { errors?: Message[] };
    if (errors === undefined) throw error;
    return fail(errors.map((message) => diagnostic(file, own, message, at)));
  }
  const text = textOf(result.outputFiles, '.mjs');
  const { metafile } = result;
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const inputs = Object.entries(metafile.inputs)
    .filter(([path]) => path !== ENTRY)
    .map(([path, input]) => [path === own ? file : path, input] as const);
  return ok({
    code: sha256<'executed code'>(text) as CodeDigest,
    text,
    map: textOf(result.outputFiles, '.map').replaceAll(JSON.stringify(own), JSON.stringify(file)),
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
const MODULE = '-module-';
const LOADERS: Readonly<Record<string, Loader>> = {
  '.js': 'js',
  '.mjs': 'js',
  '.json': 'json',
  '.tsx': 'tsx',
};

/** What a stage says of itself is cut loose from all that its code alone needs, though that does things when imported. */
const withoutUnusedImports: Plugin = {
  name: 'without unused imports',
  setup(build) {
    build.onResolve({ filter: /./ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (kind === 'entry-point' || importer === ENTRY || pluginData === RESOLVING) return undefined;
      if (/^[^./#]/.test(path)) return { path, external: true, sideEffects: false };
      const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: RESOLVING });
      return found.errors.length > 0 ? undefined : { path: found.path, sideEffects: false };
    });
  },
};

const RESOLVING = 'resolving';

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
function diagnostic(file: string, own: string, { text, location, notes }: Message, at: Location): Diagnostic {
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
      file: location.file === own ? file : location.file,
      line: location.line,
      column: upTo(location.column) + 1,
      length: Math.max(1, upTo(location.column + location.length) - upTo(location.column)),
      text: location.lineText,
    },
    ...(help === '' || help === undefined ? {} : { help }),
  };
}
