import type { Pipeline } from '../../pipeline/pipeline.ts';
import { type DagStates, dagOf } from './dag.ts';

export type DagFormat = 'text' | 'mermaid' | 'dot' | 'svg';

/** A pipeline's DAG in one of the formats, ending in a line feed. States colour and caption its stages. */
export async function drawDag(
  pipeline: Pipeline,
  { format = 'text', states = {} }: { readonly format?: DagFormat; readonly states?: DagStates } = {},
): Promise<string> {
  const dag = dagOf(pipeline, states);
  switch (format) {
    case 'text':
      return (await import('./text.ts')).dagAsText(dag);
    case 'mermaid':
      return (await import('./mermaid.ts')).dagAsMermaid(dag);
    case 'dot':
      return (await import('./dot.ts')).dagAsDot(dag);
    case 'svg':
      return (await import('./svg.ts')).dagAsSvg(dag);
    default:
      return format satisfies never;
  }
}
