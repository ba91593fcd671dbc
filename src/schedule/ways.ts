import { crontab } from './crontab.ts';
import type { Way } from './entry.ts';
import { launchd } from './launchd.ts';
import { systemd } from './systemd.ts';
import { workflow } from './workflow.ts';

/** What can call `run --if-due`, by the name that `--as` takes. */
export const WAYS = {
  cron: crontab,
  systemd,
  launchd,
  'github-actions': workflow,
} as const satisfies Readonly<Record<string, Way>>;

export type WayName = keyof typeof WAYS;
