import { commandTypes } from '@core/contracts/command';
import { eventTypes, statedBy } from '@core/contracts/event';
import { commandSubjects } from '@core/contracts/subjects';
import { stringify } from 'yaml';
import { ROOT } from '../check/command.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { channels } from './channels.ts';
import type { GeneratedFile } from './generated-file.ts';
import { jsonSchemaOf, storedShapeOf } from './golden.ts';

type Shapes = Readonly<Record<string, z.ZodType>>;

const HEADER = '# Generated from libs/contracts by `npm run generate`; do not edit.\n';

const reference = (to: string): { $ref: string } => ({ $ref: to });
const named = <Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> =>
  Object.fromEntries(entries);

const referencesTo = (messages: readonly string[]): Record<string, { $ref: string }> =>
  named(messages.map((name) => [name, reference(`#/components/messages/${name}`)]));

const parametersOf = (address: string): { parameters?: object } => {
  const names = [...address.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, {}] as const);
  return names.length === 0 ? {} : { parameters: named(names) };
};

/** The AsyncAPI document: what travels on NATS, for machines. What clients of the WebSocket hear is in a document of its own. */
export function asyncApi(): GeneratedFile {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const events = eventTypes.map(({ shape }) => shape.type.value);
  const commands = commandTypes.map(({ shape }) => shape.type.value);
  const others = Object.assign({}, ...Object.values(channels).map(({ messages }) => messages)) as Shapes;
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Trading core',
      version,
      description:
        'Wishes are commands with an answer; facts go to the intake, and what the ledger committed is broadcast on the feed.',
    },
    defaultContentType: 'application/json',
    channels: {
      intake: {
        address: 'intake.{account}',
        description: 'JetStream: events of one account on their way to the ledger, in batches.',
        parameters: { account: {} },
        messages: referencesTo(events.filter((type) => statedBy(type) !== 'ledger')),
      },
      feed: {
        address: 'feed',
        description: 'Core NATS: one message per committed batch, with positions; a hole is read from Postgres.',
        messages: referencesTo(events),
      },
      ...named(
        commands.map((name) => [
          name,
          {
            address: commandSubjects[name],
            description: 'Request and reply: the ledger answers with a position or a refusal.',
            messages: referencesTo([name]),
          },
        ]),
      ),
      ...named(
        Object.entries(channels).map(([name, { address, description, messages }]) => [
          name,
          { address, description, ...parametersOf(address), messages: referencesTo(Object.keys(messages)) },
        ]),
      ),
    },
    operations: {
      recordEvents: { action: 'receive', channel: reference('#/channels/intake') },
      tellEvents: { action: 'send', channel: reference('#/channels/feed') },
      ...named(
        commands.map((name) => [`decide${name}`, { action: 'receive', channel: reference(`#/channels/${name}`) }]),
      ),
    },
    components: {
      messages: {
        ...named(
          [...events, ...commands, ...Object.keys(others)].map((name) => [
            name,
            { payload: reference(`#/components/schemas/${name}`) },
          ]),
        ),
      },
      schemas: {
        ...named(eventTypes.map(({ shape }) => [shape.type.value, withoutDialect(jsonSchemaOf(storedShapeOf(shape)))])),
        ...named(commandTypes.map((each) => [each.shape.type.value, withoutDialect(jsonSchemaOf(each))])),
        ...named(Object.entries(others).map(([name, shape]) => [name, withoutDialect(jsonSchemaOf(shape))])),
      },
    },
  };
  return { path: 'docs/asyncapi.yaml', text: HEADER + stringify(document, { aliasDuplicateObjects: false }) };
}

function withoutDialect({ $schema: _dialect, ...schema }: object & { $schema?: unknown }): object {
  return schema;
}
