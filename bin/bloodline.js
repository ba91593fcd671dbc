#!/usr/bin/env node
// Committed as an executable: a compiled file would lose its run bit.
import { existsSync } from 'node:fs';

const compiled = new URL('../dist/src/cli.js', import.meta.url);
if (!existsSync(compiled)) {
  process.stderr.write('bloodline is not compiled yet: run `npm run build` in its folder first.\n');
  process.exit(2);
}
const { main } = await import(compiled.href);
process.exitCode = await main(process.argv.slice(2));
