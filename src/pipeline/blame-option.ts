import type { Diagnostic } from '../failure.ts';
import type { JsonObject } from '../json.ts';

/**
 * Problems with values that came from the command line, told of the option: the line of the file only says `"${size}"`,
 * and is shown as the place where it is used.
 * @param chosen the params that `--param` gave.
 */
export function blameOption(diagnostics: readonly Diagnostic[], chosen: JsonObject): readonly Diagnostic[] {
  return diagnostics.map((diagnostic) => {
    const { at, also = [] } = diagnostic;
    const marked = at.text.slice(at.column - 1, at.column - 1 + at.length);
    const [, name] = /\$\{\s*([^{}]+?)\s*\}/.exec(marked) ?? [];
    if (name === undefined || !Object.hasOwn(chosen, name)) return diagnostic;
    const value = chosen[name]!;
    const option = `--param ${name}=`;
    const given = typeof value === 'string' ? value : JSON.stringify(value);
    return {
      ...diagnostic,
      at: {
        file: 'command line',
        line: 1,
        column: option.length + 1,
        length: Math.max(1, given.length),
        text: `${option}${given}`,
      },
      also: [{ message: 'where it is used', at }, ...also],
    };
  });
}
