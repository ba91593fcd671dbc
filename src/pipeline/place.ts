import type { Location } from '../failure.ts';
import type { StageInstance } from './pipeline.ts';
import type { Path } from './tree.ts';

/** Where a part of a stage stands, or the nearest part above it that does: a default, or what a `${param}` stands for, has no place of its own. */
export function place(stage: StageInstance, path: Path): Location {
  for (let length = path.length; length > 0; length--) {
    const found = stage.places[pointer(path.slice(0, length))];
    if (found !== undefined) return found;
  }
  return stage.at;
}

const pointer = (path: Path): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** The key before a value, where both stand on one line. */
export function keyPlace(stage: StageInstance, path: Path): Location {
  const at = place(stage, path);
  const key = String(path.at(-1));
  const column = at.text.lastIndexOf(key, at.column - 2);
  return column === -1 ? at : { ...at, column: column + 1, length: key.length };
}
