import { join } from 'node:path';
import winston from 'winston';
import type { RunEvent } from '../events.ts';
import { plainLog } from './plain.ts';

/** A file that comes to this is renamed (`events1.ndjson`), and of the renamed ones the newest stays. */
const BOUND = { maxsize: 16 << 20, maxFiles: 2, tailable: true };

/** The log of a run, in its folder: `events.ndjson` for programs, `run.log` for people. */
export function openLogFiles(folder: string): { take(event: RunEvent): void; close(): Promise<void> } {
  const time = winston.format.timestamp();
  const events = winston.createLogger({
    format: winston.format.combine(
      time,
      winston.format.printf(({ timestamp, event }) =>
        JSON.stringify({ time: timestamp, ...(event as object) }),
      ),
    ),
    transports: [new winston.transports.File({ filename: join(folder, 'events.ndjson'), ...BOUND })],
  });
  const lines = winston.createLogger({
    format: winston.format.combine(
      time,
      winston.format.printf(({ timestamp, message }) => `${timestamp} ${message}`),
    ),
    transports: [new winston.transports.File({ filename: join(folder, 'run.log'), ...BOUND })],
  });
  const plain = plainLog((line) => lines.info(line));
  return {
    take(event) {
      if (event.type !== 'stage-output') events.info('', { event });
      plain(event);
    },
    async close() {
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
