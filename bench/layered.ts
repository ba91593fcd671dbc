/** A DAG of command stages in ten layers, as several programs want it written: each reads one stage of the layer before. */

export interface LayeredStage {
  readonly index: number;
  readonly name: string;
  /** Null in the first layer, which reads source.txt. */
  readonly before: string | null;
}

export const SOURCE = 'source.txt';

/** Stages in each layer of `count` in all. */
export const layerSize = (count: number): number => Math.max(1, Math.floor(count / 10));

export function layeredStages(count: number): LayeredStage[] {
  const name = (index: number): string => `s${String(index).padStart(5, '0')}`;
  const layer = layerSize(count);
  return Array.from({ length: count }, (_, index) => ({
    index,
    name: name(index),
    before: index < layer ? null : name(index - layer),
  }));
}

/** The file that a stage reads, where outputs lie in a folder. */
export const inputOf = ({ before }: LayeredStage, folder: string): string =>
  before === null ? SOURCE : `${folder}/${before}`;

/** A line, or several, for each stage. */
export const linesOf = (stages: readonly LayeredStage[], line: (stage: LayeredStage) => string): string =>
  stages.map(line).join('');

/** For bloodline: `pipeline.yaml`. */
export const pipelineText = (stages: readonly LayeredStage[]): string =>
  `name: bench\nseed: 1\nstages:\n${linesOf(
    stages,
    ({ index, name, before }) =>
      `  ${name}:\n    command: 'echo ${index} > "$BLOODLINE_OUTPUT_OUT"'\n    inputs: { before: ${before === null ? `{ path: ${SOURCE} }` : `${before}.out`} }\n    outputs: [out]\n`,
  )}`;

/** For make: `Makefile`; outputs lie in `folder`, which has to be there. */
export const makefileText = (stages: readonly LayeredStage[], folder: string): string =>
  `all: ${stages.map(({ name }) => `${folder}/${name}`).join(' ')}\n${linesOf(
    stages,
    (stage) => `${folder}/${stage.name}: ${inputOf(stage, folder)}\n\t@echo ${stage.index} > $@\n`,
  )}`;

/** For ninja: `build.ninja`. */
export const ninjaText = (stages: readonly LayeredStage[], folder: string): string =>
  `rule w\n  command = echo $i > $out\n${linesOf(
    stages,
    (stage) => `build ${folder}/${stage.name}: w ${inputOf(stage, folder)}\n  i = ${stage.index}\n`,
  )}`;
