import { join } from 'node:path';
import winston from 'winston';
import type { RunEvent } from '../events.ts';
import { plainLog } from './plain.ts';

/** A file that comes to this is renamed (`events1.ndjson`), and of the renamed ones the newest stays. */
const BOUND = { maxsize: 16 << 20, maxFiles: 2, tailable: true };

/** How long events wait for others, in ms: winston writes at once what comes at once, and a write for each is dear. */
const GATHER_MS = 50;

/** The log of a run, in its folder: `events.ndjson` for programs, `run.log` for people. */
export function openLogFiles(folder: string): { take(event: RunEvent): void; close(): Promise<void> } {
  const events = winston.createLogger({
    format: winston.format.printf(({ time, event }) => JSON.stringify({ time, ...(event as object) })),
    transports: [new winston.transports.File({ filename: join(folder, 'events.ndjson'), ...BOUND })],
  });
  const lines = winston.createLogger({
    format: winston.format.printf(({ time, message }) => `${time} ${message}`),
    transports: [new winston.transports.File({ filename: join(folder, 'run.log'), ...BOUND })],
  });
  let waiting: { readonly time: string; readonly event: RunEvent }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let time = '';
  const plain = plainLog((line) => lines.info(line, { time }));
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    for (const one of waiting) {
      time = one.time;
      events.info('', one);
      plain(one.event);
    }
    waiting = [];
  };
  return {
    take(event) {
      if (event.type === 'stage-output') return;
      waiting.push({ time: new Date().toISOString(), event });
      timer ??= setTimeout(flush, GATHER_MS);
    },
    async close() {
      flush();
      await Promise.all([events, lines].map(end));
    },
  };
}

/** winston ends its files while lines still wait to be written to them, and then throws: so it is ended when none do. */
async function end(logger: winston.Logger): Promise<void> {
  while (logger.writableLength > 0 || logger.readableLength > 0) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await new Promise<void>((resolve) => {
    logger.once('finish', resolve);
    logger.end();
  });
}
