import { eventsSchema } from './event-schema.ts';
import { pipelineSchema } from './pipeline/schema.ts';
import { recordSchema } from './store/record-schema.ts';

/** Schemas that are written out, and where the compiled validator of each goes, if anywhere. */
const SCHEMAS: readonly {
  readonly schema: object;
  readonly json: string;
  readonly validator?: { readonly path: string; readonly allErrors: boolean };
}[] = [
  {
    schema: pipelineSchema,
    json: 'schemas/pipeline.schema.json',
    validator: { path: 'src/pipeline/validate.generated.ts', allErrors: true },
  },
  { schema: eventsSchema, json: 'schemas/events.schema.json' },
  {
    schema: recordSchema,
    json: 'schemas/record.schema.json',
    validator: { path: 'src/store/validate-record.generated.ts', allErrors: false },
  },
];

/**
 * All files that are made from the schemas, by path from the package's root. Validators are compiled ahead because
 * loading ajv and compiling would cost every command more than all the rest of reading a pipeline.
 */
export async function renderSchemas(): Promise<Readonly<Record<string, string>>> {
  const [{ Ajv }, { default: standalone }] = await Promise.all([
    import('ajv'),
    import('ajv/dist/standalone/index.js'),
  ]);
  const files: Record<string, string> = {};
  for (const { schema, json, validator } of SCHEMAS) {
    files[json] = `${JSON.stringify(schema, null, 2)}\n`;
    if (validator === undefined) continue;
    const ajv = new Ajv({
      strict: true,
      allErrors: validator.allErrors,
      allowUnionTypes: true,
      messages: false,
      code: { source: true, esm: true, lines: true },
    });
    const code = (
      standalone as unknown as { default: typeof import('ajv/dist/standalone/index.js').default }
    ).default(ajv, ajv.compile(schema));
    files[validator.path] =
      `// Made by \`npm run schemas\`: not to be edited.\n// @ts-nocheck\n// biome-ignore-all format lint assist: made by a program\n${code.replace(/^"use strict";\n?/, '')}\n`;
  }
  return files;
}
