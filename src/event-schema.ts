/**
 * JSON Schema (draft-07) of what programs read and write: a line of `bloodline run --json`, and a line that a stage
 * reports. Written out to `schemas/events.schema.json` by `npm run schemas`; the compiler holds it to the types of
 * `events.ts`.
 */
import type { FromSchema } from 'json-schema-to-ts';
import type { RunEvent, StageEvent } from './events.ts';

const text = { type: 'string' } as const;
const number = { type: 'number' } as const;
const texts = { type: 'array', items: text } as const;
const numbers = { type: 'object', additionalProperties: number } as const;
const object = { type: 'object' } as const;
const textOrNull = { type: ['string', 'null'] } as const;
const key = { type: 'string', description: 'Cache key: sha256 in hex.' } as const;
const ms = { type: 'number', description: 'Milliseconds.' } as const;
const failure = {
  type: 'object',
  description: 'What went wrong, as data; `reason` says which kind.',
  properties: { reason: text },
  required: ['reason'],
} as const;
const reasons = {
  type: 'array',
  description: 'Why it runs: what differs from its last record.',
  items: { type: 'object', properties: { why: text }, required: ['why'] },
} as const;

/** An event with these members, all required but those of `optional`. */
const event = <const Type extends string, const P, const R extends readonly (keyof P & string)[]>(
  type: Type,
  properties: P,
  required: R,
) =>
  ({
    type: 'object',
    properties: { type: { const: type }, ...properties },
    required: ['type', ...required],
    additionalProperties: false,
  }) as const;

const stageEventSchema = {
  description: 'A line that a stage writes to file descriptor 3, or a command to the file BLOODLINE_EVENTS.',
  anyOf: [
    event('progress', { done: number, total: number, label: text, values: numbers }, ['done', 'total']),
    event('metric', { name: text, value: number }, ['name', 'value']),
    event('fact', { name: text, value: {} }, ['name', 'value']),
    event('warning', { message: text }, ['message']),
    event('error', { message: text, help: text }, ['message']),
    event('done', {}, []),
  ],
} as const;

export const eventsSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Event of a run',
  description: 'A line of `bloodline run --json`; the last is `run-finished`.',
  anyOf: [
    event(
      'run-started',
      {
        run: text,
        pipeline: text,
        profile: textOrNull,
        expectedMs: { type: ['number', 'null'] },
        stages: {
          type: 'array',
          items: {
            type: 'object',
            properties: { stage: text, plan: { enum: ['cached', 'run', 'waits'] }, expectedMs: ms },
            required: ['stage', 'plan'],
            additionalProperties: false,
          },
        },
      },
      ['run', 'pipeline', 'profile', 'expectedMs', 'stages'],
    ),
    event('stage-queued', { stage: text }, ['stage']),
    event('stage-waits', { stage: text, run: text }, ['stage', 'run']),
    event('stage-started', { stage: text, key, reasons, attempt: number }, [
      'stage',
      'key',
      'reasons',
      'attempt',
    ]),
    event('stage-event', { stage: text, event: stageEventSchema }, ['stage', 'event']),
    event('stage-output', { stage: text, stream: { enum: ['stdout', 'stderr'] }, text }, [
      'stage',
      'stream',
      'text',
    ]),
    event('download', { stage: text, url: text, done: number, total: { type: ['number', 'null'] } }, [
      'stage',
      'url',
      'done',
      'total',
    ]),
    event(
      'transfer',
      {
        stage: text,
        remote: text,
        direction: { enum: ['from', 'to'] },
        done: number,
        total: number,
      },
      ['stage', 'remote', 'direction', 'done', 'total'],
    ),
    event('result-refused', { stage: text, remote: text, why: text }, ['stage', 'remote', 'why']),
    event('remote-off', { remote: text, message: text }, ['remote', 'message']),
    event('stage-retried', { stage: text, attempt: number, of: number, inMs: ms, failure }, [
      'stage',
      'attempt',
      'of',
      'inMs',
      'failure',
    ]),
    event('artifact-set-aside', { stage: text, output: text, path: text }, ['stage', 'output', 'path']),
    event(
      'stage-finished',
      { stage: text, how: { enum: ['ran', 'cached'] }, key, ms, metrics: numbers, facts: object },
      ['stage', 'how', 'key', 'ms', 'metrics', 'facts'],
    ),
    event('stage-not-deterministic', { stage: text, key, outputs: texts }, ['stage', 'key', 'outputs']),
    event('stage-failed', { stage: text, failure }, ['stage', 'failure']),
    event('stage-skipped', { stage: text, failure }, ['stage', 'failure']),
    event(
      'changed',
      {
        stages: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              stage: text,
              reasons,
              data: texts,
              metrics: {
                type: 'array',
                items: {
                  type: 'object',
                  properties: { name: text, from: number, to: number },
                  required: ['name', 'from', 'to'],
                  additionalProperties: false,
                },
              },
            },
            required: ['stage', 'reasons', 'data', 'metrics'],
            additionalProperties: false,
          },
        },
      },
      ['stages'],
    ),
    event('gate', { gate: text, met: { type: 'boolean' }, text }, ['gate', 'met', 'text']),
    event(
      'run-finished',
      {
        run: text,
        ok: { type: 'boolean' },
        ran: texts,
        cached: texts,
        failed: texts,
        skipped: texts,
        ms,
        page: textOrNull,
      },
      ['run', 'ok', 'ran', 'cached', 'failed', 'skipped', 'ms', 'page'],
    ),
  ],
} as const;

// An event that the schema does not know, or knows otherwise, does not compile.
type Names<T> = T extends { readonly type: infer Name } ? Name : never;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
export const eventsAreKnown: Same<Names<RunEvent>, Names<FromSchema<typeof eventsSchema>>> = true;
export const stageEventsAreKnown: Same<Names<StageEvent>, Names<FromSchema<typeof stageEventSchema>>> = true;
