import type { Readable } from 'node:stream';
import type { StageEvent } from '../events.ts';

/** A longer line is no event: nobody reports so much, and memory stays bounded. */
const LONGEST_LINE = 1 << 20;
/** Progress does not count: it is looked at and forgotten. */
const MOST_EVENTS = 20_000;

/**
 * Reads NDJSON events from a stage. Calls `onEvent` for each, and `onBad` once for the first line that is none;
 * resolves when the stream ends.
 */
export async function readEvents(
  stream: Readable,
  onEvent: (event: StageEvent) => void,
  onBad: (line: string, message: string) => void,
): Promise<void> {
  let rest = '';
  let bad = false;
  let count = 0;
  const take = (line: string): void => {
    if (bad || line.trim() === '') return;
    let parsed = parseEvent(line);
    if (typeof parsed !== 'string' && parsed.type !== 'progress' && ++count > MOST_EVENTS)
      parsed = `it is one of more than ${MOST_EVENTS}, and would fill the memory`;
    if (typeof parsed === 'string') {
      bad = true;
      onBad(line.slice(0, 200), parsed);
    } else onEvent(parsed);
  };
  stream.setEncoding('utf8');
  try {
    for await (const chunk of stream as AsyncIterable<string>) {
      if (bad) continue;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      for (const line of lines) take(line);
      if (rest.length > LONGEST_LINE) {
        take(rest.slice(0, 200));
        rest = '';
      }
    }
  } catch (error) {
    // The child is gone and its pipe with it.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
  take(rest);
}

/** The event of a line, or what is wrong with it. */
export function parseEvent(line: string): StageEvent | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'it is no JSON';
  }
  if (typeof value !== 'object' || value === null) return 'it is no object';
  const event = value as Record<string, unknown>;
  const text = (name: string): boolean => typeof event[name] === 'string';
  const number = (name: string): boolean => Number.isFinite(event[name]);
  switch (event.type) {
    case 'progress':
      return number('done') && number('total')
        ? (value as StageEvent)
        : 'progress needs the numbers done and total';
    case 'metric':
      return text('name') && number('value')
        ? (value as StageEvent)
        : 'a metric needs a name and a finite value';
    case 'fact':
      return text('name') && 'value' in event ? (value as StageEvent) : 'a fact needs a name and a value';
    case 'warning':
    case 'error':
      return text('message') ? (value as StageEvent) : `${event.type} needs a message`;
    case 'done':
      return value as StageEvent;
    default:
      return `its type is ${JSON.stringify(event.type)}`;
  }
}
