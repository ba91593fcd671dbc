import { eventsSchema } from '../event-schema.ts';
import { pipelineSchema } from './schema.ts';

/**
 * All files that are made from the schemas, by path from the package's root. The validator is compiled ahead because
 * loading ajv and compiling would cost every command more than all the rest of reading a pipeline.
 */
export async function renderSchemas(): Promise<Readonly<Record<string, string>>> {
  const [{ Ajv }, { default: standalone }] = await Promise.all([
    import('ajv'),
    import('ajv/dist/standalone/index.js'),
  ]);
  const ajv = new Ajv({
    strict: true,
    allErrors: true,
    allowUnionTypes: true,
    messages: false,
    code: { source: true, esm: true, lines: true },
  });
  const code = (
    standalone as unknown as { default: typeof import('ajv/dist/standalone/index.js').default }
  ).default(ajv, ajv.compile(pipelineSchema));
  return {
    'schemas/pipeline.schema.json': `${JSON.stringify(pipelineSchema, null, 2)}\n`,
    'schemas/events.schema.json': `${JSON.stringify(eventsSchema, null, 2)}\n`,
    'src/pipeline/validate.generated.ts': `// Made by \`npm run schemas\` from schema.ts: not to be edited.\n// @ts-nocheck\n// biome-ignore-all format lint assist: made by a program\n${code.replace(/^"use strict";\n?/, '')}\n`,
  };
}
