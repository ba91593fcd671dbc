import type { WriteStream } from 'node:tty';
import type { RunEvent } from '../events.ts';
import { wantsColour } from './colour.ts';
import { harmless } from './harmless.ts';
import { plainLog } from './plain.ts';
import { runLeft } from './run-left.ts';
import { duration, figure, reasonsText, timeLeft } from './sentences.ts';
import { alignColumns } from './table.ts';

const REPAINT_MS = 100;

interface Row {
  readonly stage: string;
  state: 'waits' | 'queued' | 'runs' | 'cached' | 'done' | 'failed' | 'skipped';
  since: number;
  text: string;
  /** Named figures of the last progress. */
  figures: readonly string[];
  /** The last progress, with the seconds left where the stage knows them. */
  progress: { readonly done: number; readonly total: number; readonly left?: number } | null;
}

const MARK = {
  waits: ' ',
  queued: '·',
  runs: '▸',
  cached: '=',
  done: '✓',
  failed: '✗',
  skipped: '-',
} as const;

/**
 * A line a stage, repainted in place: state, epoch, loss, images/s, time left. What must stay readable (warnings,
 * failures) is printed above it. `close` leaves the last picture and gives the cursor back.
 */
export function liveView(out: WriteStream): { take(event: RunEvent): void; close(): void } {
  const rows = new Map<string, Row>();
  const above: string[] = [];
  const run = runLeft();
  /** The lines of the picture that stands on the screen. */
  let painted: readonly string[] = [];
  const inColour = wantsColour(out);
  const color = (code: number, text: string): string =>
    inColour ? `\u001b[${code}m${text}\u001b[39m` : text;

  const paint = (): void => {
    const screen = out.columns || 80;
    const width = screen - 1;
    const left = run.left();
    // A guess is no use to the second, nor at the very end.
    const footer = left === null || left < 2000 ? [] : [`about ${timeLeft(left)} in all`];
    const height = (out.rows || 24) - 1 - footer.length;
    const cells = [...rows.values()].map((row) => columns(row, width));
    let lines = alignColumns(cells).map((line) => cut(line, width));
    // Where the screen is too low, what runs is shown, then what is to come.
    if (lines.length > height) {
      const active = [...rows.values()].map(({ state }) => state === 'runs' || state === 'queued');
      lines = [...lines.filter((_, i) => active[i]), ...lines.filter((_, i) => !active[i])].slice(0, height);
    }
    lines = [...lines, ...footer.map((line) => cut(line, width))];
    // A terminal that was made narrower has broken what stands there into more lines.
    const up = painted.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / screen)), 0);
    const said = above.splice(0).map((line) => `${line}\n`);
    const picture = lines.map((line) => `${colored(line)}\n`);
    // No line of the picture goes on in the next, however wide its letters are.
    out.write(
      `${up > 0 ? `\u001b[${up}A` : ''}\u001b[0J${said.join('')}\u001b[?7l${picture.join('')}\u001b[?7h`,
    );
    painted = lines;
  };
  const colored = (line: string): string => {
    if (line.startsWith(MARK.done)) return color(32, line);
    if (line.startsWith(MARK.failed)) return color(31, line);
    if (line.startsWith(MARK.runs)) return color(36, line);
    return line;
  };
  const columns = (row: Row, width: number): readonly string[] => {
    const left = row.state === 'runs' && row.progress ? timeLeftOf(row.progress, row.since) : '';
    // What is cut off on a narrow terminal is the last of the figures, not the time left.
    const name = shorten(row.stage, Math.max(12, width >> 1));
    return [`${MARK[row.state]} ${name}`, [row.text, left, ...row.figures].filter(Boolean).join(', ')];
  };
  const timeLeftOf = (progress: NonNullable<Row['progress']>, since: number): string => {
    if (progress.done <= 0 || progress.done >= progress.total) return '';
    if (progress.left !== undefined) return timeLeft(1000 * progress.left);
    const spent = performance.now() - since;
    return spent < 2000 ? '' : timeLeft((spent * (progress.total - progress.done)) / progress.done);
  };

  out.write('\u001b[?25l');
  const restore = (): void => {
    out.write('\u001b[?7h\u001b[?25h');
  };
  process.once('exit', restore);
  const timer = setInterval(paint, REPAINT_MS);
  timer.unref();
  const say = plainLog((line) => above.push(line));

  return {
    take(event) {
      const row = 'stage' in event ? rows.get(event.stage) : undefined;
      run.take(event);
      switch (event.type) {
        case 'run-started':
          if (event.stages.every(({ plan }) => plan === 'cached')) break;
          for (const { stage, plan } of event.stages)
            rows.set(stage, {
              stage,
              state: plan === 'cached' ? 'cached' : 'waits',
              since: 0,
              text: plan === 'cached' ? 'cached' : '',
              figures: [],
              progress: null,
            });
          break;
        case 'stage-queued':
          if (row) Object.assign(row, { state: 'queued', text: 'waits for a slot' });
          break;
        case 'stage-waits':
          if (row) Object.assign(row, { state: 'queued', text: `waits for run ${event.run}` });
          break;
        case 'stage-started':
          if (row)
            Object.assign(row, {
              state: 'runs',
              since: performance.now(),
              text: `starts (${reasonsText(event.reasons)})`,
              figures: [],
              progress: null,
            });
          break;
        case 'stage-event':
          if (event.event.type === 'progress' && row) {
            const { done, total, label, values = {} } = event.event;
            const { 'seconds left': left, ...others } = values;
            row.progress = { done, total, ...(left === undefined ? {} : { left }) };
            row.figures = Object.entries(others).map(([name, value]) => `${name} ${figure(value)}`);
            const percent = total > 0 ? `${String(Math.floor((100 * done) / total)).padStart(3)} %` : '';
            row.text = [label ?? '', percent].filter(Boolean).join(', ');
          } else say(event);
          break;
        case 'download':
          if (row) row.text = `fetches ${(event.done / 1e6).toFixed(0)} MB`;
          break;
        case 'transfer':
          if (row && event.direction === 'from')
            row.text = `fetches ${(event.done / 1e6).toFixed(0)} of ${(event.total / 1e6).toFixed(0)} MB from ${event.remote}`;
          break;
        case 'stage-finished':
          if (row) {
            const metrics = Object.entries(event.metrics).slice(0, 4);
            const shown = metrics.map(([name, value]) => `${name} ${figure(value)}`);
            Object.assign(row, {
              state: event.how === 'ran' ? 'done' : 'cached',
              figures: [],
              text: [event.how === 'ran' ? duration(event.ms) : 'cached', ...shown].join(', '),
            });
          }
          break;
        case 'stage-failed':
        case 'stage-skipped':
          if (row)
            Object.assign(row, {
              state: event.type === 'stage-failed' ? 'failed' : 'skipped',
              text: '',
              figures: [],
            });
          if (event.type === 'stage-failed') say(event);
          break;
        case 'run-finished':
          paint();
          painted = [];
          rows.clear();
          say(event);
          break;
        case 'stage-output':
          break;
        default:
          say(event);
      }
    },
    close() {
      clearInterval(timer);
      paint();
      restore();
      process.off('exit', restore);
    },
  };
}

/** At most `width` letters of a line, whatever a stage put into it. */
function cut(line: string, width: number): string {
  const letters = [...harmless(line).replace(/[\n\t]/g, ' ')];
  return letters.length > width ? `${letters.slice(0, Math.max(0, width - 1)).join('')}…` : letters.join('');
}

/** A name of at most `width` letters: its middle goes, for the coordinates that tell instances apart stand at its end. */
function shorten(name: string, width: number): string {
  if (name.length <= width) return name;
  const tail = (width - 1) >> 1;
  return `${name.slice(0, width - 1 - tail)}…${name.slice(name.length - tail)}`;
}
