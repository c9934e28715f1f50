import { commandTypes } from '@core/contracts/command';
import { statedBy, versionOf } from '@core/contracts/event';
import { accountEvents } from '@core/contracts/events/account';
import { operationsEvents } from '@core/contracts/events/operations';
import { orderEvents } from '@core/contracts/events/order';
import { positionEvents } from '@core/contracts/events/position';
import { requestEvents } from '@core/contracts/events/request';
import { signalEvents } from '@core/contracts/events/signal';
import { commandSubjects } from '@core/contracts/subjects';
import { join } from 'node:path';
import { ROOT } from '../check/command.ts';
import { messageComments } from './doc-comments.ts';
import type { GeneratedFile } from './generated-file.ts';
import { GOLDEN_FOLDER, goldenName } from './golden.ts';

const groups = [
  { title: 'Account', file: 'account', messages: accountEvents },
  { title: 'Requests to the broker', file: 'request', messages: requestEvents },
  { title: 'Order', file: 'order', messages: orderEvents },
  { title: 'Position', file: 'position', messages: positionEvents },
  { title: 'Signal', file: 'signal', messages: signalEvents },
  { title: 'Operations', file: 'operations', messages: operationsEvents },
] as const;

/** Every event and command for people, with the sentence that stands above it in the contracts. */
export function eventCatalogue(): GeneratedFile {
  const events = groups.flatMap(({ title, file, messages }) => {
    const comments = messageComments(join(ROOT, `libs/contracts/src/events/${file}.ts`));
    const rows = messages.map(({ shape }) => {
      const name = shape.type.value;
      const link = `[\`${name}\`](../${GOLDEN_FOLDER}/${goldenName(name)})`;
      return [
        link,
        String(versionOf(name)),
        STATED_BY[statedBy(name)],
        fieldsOf(shape.data.shape),
        cell(comments.get(name)),
      ];
    });
    return [`### ${title}`, '', ...markdownTable(['event', 'version', 'stated by', 'data', 'meaning'], rows), ''];
  });

  const comments = messageComments(join(ROOT, 'libs/contracts/src/command.ts'));
  const commands = commandTypes.map(({ shape }) => {
    const name = shape.type.value;
    return [`\`${name}\``, `\`${commandSubjects[name]}\``, fieldsOf(shape.data.shape), cell(comments.get(name))];
  });

  const text = [
    '<!-- Generated from libs/contracts by `npm run generate`; do not edit. -->',
    '',
    '# Events and commands',
    '',
    'Stored shapes are frozen, each in a version of its own: a name links to its JSON Schema.',
    'What only the ledger may state is not taken from the intake.',
    'The same for machines is in [asyncapi.yaml](asyncapi.yaml).',
    '',
    '## Events',
    '',
    ...events,
    '## Commands',
    '',
    'A command is answered with the position it led to, or with a refusal.',
    '',
    ...markdownTable(['command', 'subject', 'data', 'meaning'], commands),
    '',
  ].join('\n');
  return { path: 'docs/events.md', text };
}

const STATED_BY = { ledger: 'ledger', connector: 'connector', 'ledger-or-connector': 'either' } as const;

const fieldsOf = (shape: object): string =>
  Object.keys(shape)
    .map((field) => `\`${field}\``)
    .join(', ');

const cell = (text: string | undefined): string => (text ?? '').replaceAll('|', '\\|');

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
