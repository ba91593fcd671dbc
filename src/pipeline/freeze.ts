import type { Pipeline } from './pipeline.ts';

/**
 * A pipeline that nobody can change any more, at any depth. Only the places in the user's file are left as they are:
 * they are most of it, nothing but a message reads them, and to freeze them costs a run with nothing to do a tenth.
 */
export function freeze(pipeline: Pipeline): Pipeline {
  deeply(pipeline);
  return pipeline;
}

function deeply(value: object, ofUser = false): void {
  if (Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const name in value) {
    // Users' own names mean nothing to us.
    if (!ofUser && (name === 'at' || name === 'places')) continue;
    const member = (value as Record<string, unknown>)[name];
    if (typeof member === 'object' && member !== null) deeply(member, ofUser || name === 'params');
  }
}
