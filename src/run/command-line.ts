import type { Program } from '../pipeline/pipeline.ts';

/**
 * The argv of a command stage. `${inputs.x}`, `${outputs.y}` and `${params.z}` are filled into the words of an argv,
 * each staying one word; a plain string goes to `sh -c` as it is, so there is nothing to inject into.
 */
export function commandLine(
  program: Extract<Program, { kind: 'command' }>,
  values: {
    readonly inputs: Readonly<Record<string, string | null>>;
    readonly outputs: Readonly<Record<string, string>>;
    readonly params: Readonly<Record<string, unknown>>;
  },
): readonly string[] {
  if ('shell' in program.command) return ['/bin/sh', '-c', program.command.shell];
  return program.command.argv.map((word) =>
    word.replace(/\$\{(inputs|outputs|params)\.([^}]+)\}/g, (_, group: keyof typeof values, name: string) => {
      const value = values[group][name];
      return typeof value === 'string'
        ? value
        : value === undefined || value === null
          ? ''
          : JSON.stringify(value);
    }),
  );
}
