/**
 * JSON Schema (draft-07, the draft that editors understand) of `pipeline.yaml`. Written out to
 * `schemas/pipeline.schema.json` and compiled to `validate.generated.ts` by `npm run schemas`; a test holds them
 * together. Each `title` says what is expected, for messages: "expected <title>, got …".
 */
import type { FromSchema } from 'json-schema-to-ts';
import { AGE, SIZE } from '../amount.ts';

/** Names of stages, inputs, outputs, params: they become parts of paths and of environment variables. */
const NAME = '^[A-Za-z0-9][A-Za-z0-9_-]*$';
/** A whole `${…}`: what it stands for is checked once it is known. */
const WHOLE = '^\\$\\{[^}]+\\}$';

const name = {
  title: 'a name of letters, digits, - and _',
  pattern: NAME,
} as const;

const texts = {
  type: 'array',
  title: 'a list of texts',
  items: { type: 'string', title: 'a text' },
} as const;

const variable = {
  type: 'string',
  title: 'the name of an environment variable',
  pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
} as const;

const amount = {
  type: ['number', 'string'],
  title: 'a number from 0 up, or "${param}"',
  minimum: 0,
  pattern: WHOLE,
} as const;

const stage = {
  type: 'object',
  title: 'a map with run or command',
  description: 'One step: a TypeScript file (run) or any program (command).',
  properties: {
    run: {
      type: 'string',
      title: 'the path of a TypeScript file',
      description: 'The stage’s TypeScript file, relative to the pipeline file.',
      pattern: '\\S',
    },
    command: {
      type: ['array', 'string'],
      title: 'a list of texts (program and arguments) or one text for the shell',
      description:
        'A list is started as it is, after ${inputs.x}, ${outputs.y}, ${params.z} and pipeline params are filled in. A text goes to sh -c unchanged; it finds BLOODLINE_INPUT_X and BLOODLINE_OUTPUT_Y in its environment.',
      items: { type: ['string', 'number', 'boolean'], title: 'a text' },
      minItems: 1,
      pattern: '\\S',
    },
    sources: {
      ...texts,
      description: 'Globs of the files that are the command’s code: a change in one runs it again.',
    },
    inputs: {
      type: 'object',
      title: 'a map of inputs',
      propertyNames: name,
      additionalProperties: {
        type: ['string', 'null', 'object'],
        title: 'stage.output, { path: … }, { url: …, digest: … } or null',
        properties: {
          path: {
            type: ['string', 'null'],
            title: 'a path',
            description:
              'Your own file or folder, relative to the pipeline file; hashed by content. null: absent.',
          },
          url: { type: 'string', title: 'an http(s) address' },
          digest: {
            type: 'string',
            title: '"sha256:…" or "md5:…"',
            description: 'sha256:<64 hex> or md5:<32 hex>',
          },
        },
        additionalProperties: false,
      },
    },
    outputs: {
      type: 'array',
      title: 'a list of names',
      description: 'What a command makes: each a file or a folder at the path handed over.',
      minItems: 1,
      items: { type: 'string', ...name },
    },
    params: {
      type: 'object',
      title: 'a map of values',
      description: 'A value of just "${param}" keeps the type of the pipeline’s param.',
    },
    matrix: {
      type: 'object',
      title: 'a map of axes, each a list of values',
      description:
        'One instance of the stage for each combination. Inputs join on shared axes and fan in over the others.',
      minProperties: 1,
      propertyNames: name,
      additionalProperties: {
        type: ['array', 'string'],
        title: 'a list of values, or "${param}"',
        pattern: WHOLE,
        items: { type: ['string', 'number', 'boolean'], title: 'a text, number, true or false' },
      },
    },
    resources: {
      type: 'object',
      title: 'a map of amounts',
      description:
        'What it takes while it runs, such as gpu: 1, cpu: 4, memory: 8GB: stages that together want more than there is run one after the other. Of any other name there is one.',
      propertyNames: name,
      properties: {
        memory: {
          type: 'string',
          title: 'a size such as 8GB, or "${param}"',
          pattern: `${SIZE}|${WHOLE}`,
        },
      },
      additionalProperties: amount,
    },
    timeout: {
      type: ['number', 'string'],
      title: 'seconds, or a time such as 90s, 30m, 2h',
      exclusiveMinimum: 0,
      pattern: '^(\\d+(\\.\\d+)?(ms|s|m|h|d)|\\$\\{[^}]+\\})$',
    },
    retries: {
      type: ['integer', 'string'],
      title: 'a whole number from 0 up, or "${param}"',
      description: 'How often a failed attempt is made again.',
      minimum: 0,
      pattern: WHOLE,
    },
    env: {
      type: 'array',
      title: 'a list of names of environment variables',
      description: 'Variables that reach the stage, and its key; it sees no others of yours.',
      items: variable,
    },
  },
  additionalProperties: false,
  dependencies: { sources: ['command'], outputs: ['command'], command: ['outputs'] },
} as const;

export const pipelineSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'a map with name, params, stages',
  description: 'A bloodline pipeline: stages that make artifacts from artifacts.',
  type: 'object',
  properties: {
    name: { type: 'string', title: 'a text', description: 'For people.', pattern: '\\S' },
    seed: {
      type: 'integer',
      title: 'a whole number from 0 up',
      description: 'Each stage that draws gets a seed made of this one and its name.',
      minimum: 0,
      default: 0,
    },
    params: {
      type: 'object',
      title: 'a map of values',
      description: 'Every knob that a profile or --param may turn; used in stages as "${name}".',
      propertyNames: name,
    },
    profiles: {
      type: 'object',
      title: 'a map of profiles',
      description: 'bloodline run --profile NAME: other values for some params.',
      additionalProperties: { type: 'object', title: 'a map of values for params' },
    },
    gates: {
      type: 'object',
      title: 'a map of gates',
      description: 'What the metrics of a run must be for it to end with exit code 0; else it is 4.',
      propertyNames: name,
      additionalProperties: {
        type: 'object',
        title: 'a map with stage, metric and a limit',
        properties: {
          stage: {
            type: 'string',
            title: 'a stage',
            description: 'A stage or one of its instances; of the instances of a matrix the best counts.',
          },
          metric: { type: 'string', title: 'the name of a metric', pattern: '\\S' },
          min: { type: 'number', title: 'a number', description: 'It must be at least this.' },
          max: { type: 'number', title: 'a number', description: 'It must be at most this.' },
          'max-drop': {
            type: 'number',
            title: 'a number from 0 up',
            description: 'So much worse than the champion it may be, for a metric of which more is better.',
            minimum: 0,
          },
        },
        required: ['stage', 'metric'],
        additionalProperties: false,
      },
    },
    schedules: {
      type: 'object',
      title: 'a map of schedules',
      description: 'bloodline run --if-due NAME: runs when it is time.',
      propertyNames: name,
      additionalProperties: {
        type: 'object',
        title: 'a map with cron',
        properties: {
          cron: { type: 'string', title: 'a cron pattern such as "0 2 * * *"' },
          timezone: {
            type: 'string',
            title: 'a time zone such as Europe/Berlin',
            description: 'Default: UTC.',
          },
          profile: { type: 'string', title: 'the name of a profile' },
          'catch-up': {
            enum: ['last', 'none', 'all'],
            title: 'last, none or all',
            description:
              'Times that were missed: run once for the last (default), not at all, or once for each.',
          },
          overlap: {
            enum: ['refuse', 'queue'],
            title: 'refuse or queue',
            description: 'Where the one before still runs: do nothing (default), or wait for its end.',
          },
          keep: {
            type: 'object',
            title: 'a map with size, age or both',
            description:
              'What the store may come to: after each run of the schedule results and pages that nothing needs go, the oldest first, as by bloodline gc.',
            properties: {
              size: { type: 'string', title: 'a size such as 20GB', pattern: SIZE },
              age: { type: 'string', title: 'an age such as 90d', pattern: AGE },
            },
            minProperties: 1,
            additionalProperties: false,
          },
        },
        required: ['cron'],
        additionalProperties: false,
      },
    },
    notify: {
      type: 'object',
      title: 'a map of notifications',
      description: 'Whom to tell how a run of a schedule ended.',
      propertyNames: name,
      additionalProperties: {
        type: 'object',
        title: 'a map with webhook or command',
        properties: {
          on: {
            type: 'array',
            title: 'a list of failed, gates, data, done',
            description:
              'failed: a stage failed, or nothing could be run. gates: one is not met. data: a file, folder or address that a stage reads is another than in the last run. done: always. Default: failed, gates and data.',
            minItems: 1,
            items: { enum: ['failed', 'gates', 'data', 'done'], title: 'failed, gates, data or done' },
          },
          webhook: {
            type: ['string', 'object'],
            title: 'an http(s) address, or { env: NAME }',
            description:
              'Gets a POST of JSON, whose `text` says it in words. { env: NAME } takes an address that is a secret from a variable of the environment.',
            pattern: '^https?://',
            properties: { env: variable },
            required: ['env'],
            additionalProperties: false,
          },
          'secret-header': {
            type: 'object',
            title: 'a map with name and env',
            description: 'A header of the request whose value is a variable of the environment.',
            properties: {
              name: {
                type: 'string',
                title: 'the name of a header',
                pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
              },
              env: variable,
            },
            required: ['name', 'env'],
            additionalProperties: false,
          },
          command: {
            type: ['array', 'string'],
            title: 'a list of texts (program and arguments) or one text for the shell',
            description: 'Started in the folder of the pipeline file, with the same JSON at its stdin.',
            items: { type: 'string', title: 'a text' },
            minItems: 1,
            pattern: '\\S',
          },
        },
        dependencies: { 'secret-header': ['webhook'] },
        additionalProperties: false,
      },
    },
    remotes: {
      type: 'object',
      title: 'a map of remotes',
      description:
        'Stores that several machines share: bloodline push, pull and run --remote. The first that has a result is used.',
      propertyNames: name,
      additionalProperties: {
        type: 'object',
        title: 'a map with path or s3, and keys',
        properties: {
          path: {
            type: 'string',
            title: 'a path',
            description: 'A folder, relative to the pipeline file; also on a network file system.',
            pattern: '\\S',
          },
          s3: {
            type: 'object',
            title: 'a map with bucket',
            description: 'Credentials come from where AWS tools look for them: environment, ~/.aws, roles.',
            properties: {
              bucket: {
                type: 'string',
                title: 'the name of a bucket',
                pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$',
              },
              prefix: {
                type: 'string',
                title: 'a path in the bucket',
                pattern: '^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?$',
              },
              endpoint: {
                type: 'string',
                title: 'an http(s) address',
                description: 'Of a server that is not Amazon’s.',
                pattern: '^https?://',
              },
              region: {
                type: 'string',
                title: 'the name of a region',
                description: 'Default: AWS_REGION.',
                pattern: '\\S',
              },
            },
            required: ['bucket'],
            additionalProperties: false,
          },
          keys: {
            type: 'array',
            title: 'a list of public keys',
            description:
              'Who is trusted: results that none of these signed are not used. `bloodline remote keygen` makes one.',
            minItems: 1,
            items: {
              type: 'string',
              title: 'a public key such as ed25519:…',
              pattern: '^ed25519:[A-Za-z0-9+/]{43}=$',
            },
          },
        },
        required: ['keys'],
        additionalProperties: false,
      },
    },
    stages: {
      type: 'object',
      title: 'a map of stages',
      minProperties: 1,
      propertyNames: name,
      additionalProperties: stage,
    },
  },
  required: ['stages'],
  additionalProperties: false,
} as const;

/** A pipeline file that fits the schema, before `${}` and matrix. */
export type PipelineText = FromSchema<typeof pipelineSchema>;
export type StageText = FromSchema<typeof stage>;
