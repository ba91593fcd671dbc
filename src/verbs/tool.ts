import { fileURLToPath } from 'node:url';

/**
 * Runs a program of stages/tools/, which knows images and tensors; this side only starts it. It has the terminal and
 * speaks for itself.
 * @returns its exit code, as a shell gives it where a signal ended it
 */
export async function runTool(
  name: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<number> {
  const { execa } = await import('execa');
  const { exitCode, signal } = await execa(process.execPath, [toolPath(name), ...args], {
    ...options,
    stdio: 'inherit',
    reject: false,
  });
  return exitCode ?? (signal === 'SIGINT' ? 130 : signal === undefined ? 70 : 143);
}

export const toolPath = (name: string): string =>
  fileURLToPath(new URL(`../../stages/tools/${name}.js`, import.meta.url));
