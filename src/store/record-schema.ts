/**
 * JSON Schema (draft-07) of a record: `records/<key>/<outputs>.json`. Written out to `schemas/record.schema.json` and
 * compiled to `validate-record.generated.ts` by `npm run schemas`. Records may come from elsewhere, with a checksum
 * that fits, and digests become paths: so a record is held against it when it is read, one that is only used as a hit (`readRecord`) against
 * the part of it that is relied on then.
 */
const digest = { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'A sha256 in hex.' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const text = { type: 'string' } as const;
const object = { type: 'object' } as const;

/** Names become parts of paths and of environment variables. */
const name = { pattern: '^[A-Za-z0-9][A-Za-z0-9_-]*$' } as const;

export const recordSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Record of a stage',
  description: 'What one execution of a stage left behind.',
  type: 'object',
  properties: {
    sha256: { ...digest, description: 'Of its place and of all that follows: see docs/store.md.' },
    format: { const: 1 },
    key: { ...digest, description: 'sha256 of the canonical JSON of `parts`.' },
    parts: {
      type: 'object',
      description: 'Everything that can change what the stage makes: see docs/key.md.',
      properties: {
        protocol: { type: 'integer' },
        program: {
          type: 'object',
          properties: { kind: { enum: ['module', 'command'] }, code: digest, command: {}, sources: object },
          required: ['kind'],
          additionalProperties: false,
        },
        modules: { type: 'object', additionalProperties: digest },
        packages: { type: 'object', additionalProperties: text },
        params: object,
        inputs: {
          type: 'object',
          description: 'Digest of each input; null where absent; by coordinate for a fan-in.',
          additionalProperties: { type: ['string', 'null', 'object'], additionalProperties: text },
        },
        seed: { type: ['integer', 'null'] },
        outputs: { type: 'array', items: { ...text, ...name } },
        env: { type: 'object', additionalProperties: { type: ['string', 'null'] } },
      },
      required: ['protocol', 'program', 'modules', 'packages', 'params', 'inputs', 'seed', 'outputs', 'env'],
      additionalProperties: false,
    },
    stage: { ...text, description: 'The instance that ran.' },
    outputs: {
      type: 'object',
      propertyNames: name,
      additionalProperties: {
        type: 'object',
        properties: { kind: { enum: ['file', 'folder'] }, digest, files: count, bytes: count },
        required: ['kind', 'digest', 'files', 'bytes'],
        additionalProperties: false,
      },
    },
    metrics: { type: 'object', additionalProperties: { type: 'number' } },
    facts: { ...object, description: 'Circumstances: engine, node, cpu, images/s, peakMemory …' },
    warnings: { type: 'array', items: text },
    log: { type: ['string', 'null'], pattern: digest.pattern },
    run: text,
    startedAt: { ...text, description: 'ISO 8601, UTC.' },
    ms: { type: 'number', minimum: 0 },
  },
  required: [
    'format',
    'key',
    'parts',
    'stage',
    'outputs',
    'metrics',
    'facts',
    'warnings',
    'log',
    'run',
    'startedAt',
    'ms',
  ],
  additionalProperties: false,
} as const;
