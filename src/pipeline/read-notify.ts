import { type Draft, problem } from './draft.ts';
import type { Notify } from './pipeline.ts';
import type { PipelineText } from './schema.ts';
import { placeOfKey, placeOfValue } from './tree.ts';

type NotifyText = NonNullable<PipelineText['notify']>[string];

/** The notifications of a file; what is wrong with them is added to the draft's problems. */
export function readNotify(draft: Draft, written: PipelineText['notify']): readonly Notify[] {
  return Object.entries(written ?? {}).map(([name, text]) => ({
    name,
    on: text.on ?? ['failed', 'gates', 'data'],
    to: readTarget(draft, name, text),
  }));
}

function readTarget(draft: Draft, name: string, text: NotifyText): Notify['to'] {
  const { webhook, command, 'secret-header': header = null } = text;
  if ((webhook === undefined) === (command === undefined))
    problem(
      draft,
      `${JSON.stringify(name)} ${webhook === undefined ? 'does not say whom to tell' : 'has both a webhook and a command'}`,
      placeOfKey(draft.document, ['notify', name]),
      { help: 'give it a webhook, or a command' },
    );
  if (webhook === undefined)
    return {
      kind: 'command',
      command: typeof command === 'string' ? ['sh', '-c', command] : (command ?? []),
    };
  if (typeof webhook === 'string') {
    const at = placeOfValue(draft.document, ['notify', name, 'webhook']);
    if (!URL.canParse(webhook)) problem(draft, `there is no address ${JSON.stringify(webhook)}`, at);
    else if (new URL(webhook).username + new URL(webhook).password !== '')
      problem(draft, 'the address holds a name or a password', at, {
        help: 'what is secret belongs into a variable of the environment: secret-header: { name: Authorization, env: TOKEN }, or webhook: { env: URL }',
      });
  }
  return { kind: 'webhook', url: typeof webhook === 'string' ? { text: webhook } : webhook, header };
}
