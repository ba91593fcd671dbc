/**
 * What the runner itself costs: a no-op run of N command stages in ten layers, the same with one stage changed, and
 * the cold overhead a stage, beside make and ninja where they are installed.
 *
 *     node dist/bench/runner.js [--stages 1000] [--times 5]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { layeredStages, layerSize, makefileText, ninjaText, pipelineText, SOURCE } from './layered.ts';
import { command, machine, printTable, repeat, timeProcess } from './measure.ts';

const { values } = parseArgs({
  options: { stages: { type: 'string', default: '1000' }, times: { type: 'string', default: '5' } },
});
const count = Number(values.stages);
const times = Number(values.times);
const folder = mkdtempSync(join(tmpdir(), 'bloodline-bench-'));

const has = (program: string): boolean => {
  try {
    timeProcess(program, ['--version'], { cwd: folder });
    return true;
  } catch {
    return false;
  }
};

try {
  const stages = layeredStages(count);
  for (const [file, text] of [
    [SOURCE, 'x\n'],
    ['pipeline.yaml', pipelineText(stages)],
    ['Makefile', makefileText(stages, 'm')],
    ['build.ninja', ninjaText(stages, 'n')],
  ] as const)
    writeFileSync(join(folder, file), text);
  const run = (): number => timeProcess(process.execPath, [command, 'run'], { cwd: folder });
  const bare = repeat(times, () => timeProcess(process.execPath, ['-e', '0'], { cwd: folder }));
  const rows: (string | number)[][] = [['bare Node start', bare.median, bare.min, bare.max]];
  const cold = run();
  rows.push([`bloodline, cold, ${count} stages`, cold, cold, cold]);
  rows.push(['  a stage', cold / count, cold / count, cold / count]);
  const noop = repeat(times, run);
  rows.push(['bloodline, nothing to do', noop.median, noop.min, noop.max]);
  rows.push(['  less bare Node', noop.median - bare.median, noop.min - bare.median, noop.max - bare.median]);
  const status = repeat(times, () => timeProcess(process.execPath, [command, 'status'], { cwd: folder }));
  rows.push(['bloodline status', status.median, status.min, status.max]);
  let edit = 0;
  const one = repeat(times, () => {
    const text = `changed ${edit++}`;
    writeFileSync(join(folder, SOURCE), `${text}\n`);
    return run();
  });
  rows.push([
    `bloodline, first layer of ${layerSize(count)} again (early cut-off)`,
    one.median,
    one.min,
    one.max,
  ]);
  if (has('make')) {
    timeProcess('mkdir', ['-p', 'm'], { cwd: folder });
    const all = timeProcess('make', ['-s', '-j2'], { cwd: folder });
    rows.push(['make -j2, cold', all, all, all]);
    const again = repeat(times, () => timeProcess('make', ['-s', '-j2'], { cwd: folder }));
    rows.push(['make, nothing to do', again.median, again.min, again.max]);
  }
  if (has('ninja')) {
    const all = timeProcess('ninja', [], { cwd: folder });
    rows.push(['ninja, cold', all, all, all]);
    const again = repeat(times, () => timeProcess('ninja', [], { cwd: folder }));
    rows.push(['ninja, nothing to do', again.median, again.min, again.max]);
  }
  console.log(machine());
  printTable(['ms', 'median', 'min', 'max'], rows);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
