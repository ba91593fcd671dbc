import type { RunEvent } from '../events.ts';

/** Events as JSON lines. What stages print is left out: it is in their logs, and it is not ours to put on stdout. */
export function jsonLog(print: (line: string) => void): (event: RunEvent) => void {
  return (event) => {
    if (event.type !== 'stage-output') print(`${JSON.stringify(event)}\n`);
  };
}
