import { present } from '@core/kernel/present';
import type { z } from 'zod';
import { commands, type CommandArguments, type CommandName } from './commands.ts';
import { recordEncoderOf, type Encoder } from './encode.ts';
import type { Redirect } from './frames.ts';
import { subscriptions, type StreamName, type StreamRecord } from './streams.ts';
import type { Written } from './wire-types.ts';

/** A command of the main connection, as clients send it. */
export function encodeCommand<Name extends CommandName>(
  command: Name,
  takes: Written<CommandArguments<Name>>,
  customTag?: string,
): string {
  const fields = encoderFor(argumentEncoders, command)(takes);
  const withArguments = fields === '{}' ? '' : `,"arguments":${fields}`;
  return `{"command":"${command}"${withArguments}${tag(customTag)}}`;
}

/** A command of the streaming connection, as clients send it. Stop commands need no session id. */
export function encodeStreamCommand(
  command: string,
  fields: { streamSessionId?: string; symbol?: string; minArrivalTime?: number; maxLevel?: number } = {},
): string {
  return JSON.stringify({ command, ...fields });
}

/** A server's answer to a command that returns something: `returnData` as its schema's encoder wrote it. */
export const encodeReply = (returnData: string, customTag?: unknown): string =>
  `{"status":true,"returnData":${returnData}${tag(customTag)}}`;

/** A server's answer to `logout` and `ping`. */
export const encodeStatus = (customTag?: unknown): string => `{"status":true${tag(customTag)}}`;

/** A server's answer to a successful `login`; the token opens the streaming connection. */
export const encodeLogin = (streamSessionId: string, customTag?: unknown): string =>
  `{"status":true,"streamSessionId":${JSON.stringify(streamSessionId)}${tag(customTag)}}`;

/** A server's refusal. Documented with a description always; servers have been seen to leave it out. */
export function encodeError(errorCode: string, errorDescr: string | null, customTag?: unknown): string {
  const described = errorDescr === null ? '' : `,"errorDescr":${JSON.stringify(errorDescr)}`;
  return `{"status":false,"errorCode":${JSON.stringify(errorCode)}${described}${tag(customTag)}}`;
}

/** A server's refusal of a login that another server would take. */
export const encodeRedirect = (redirect: Redirect, customTag?: unknown): string =>
  `{"status":false,"redirect":${JSON.stringify(redirect)}${tag(customTag)}}`;

/** A record on the streaming connection. */
export function encodeRecord<Name extends StreamName>(stream: Name, data: Written<StreamRecord<Name>>): string {
  return `{"command":"${stream}","data":${encoderFor(recordEncoders, stream)(data)}}`;
}

/** The same JSON over several lines, none of them empty: clients take an empty line for the end (wire-behaviour §2.1). */
export function prettyPrint(json: string): string {
  let depth = 0;
  return json.replace(TOKENS, (token) => {
    if (token === ':') return ' : ';
    if (token === ',') return `,\n${indent(depth)}`;
    if (token === '{' || token === '[') return `${token}\n${indent(++depth)}`;
    if (token === '}' || token === ']') return `\n${indent(--depth)}${token}`;
    return token;
  });
}

/** Strings, empty brackets and other scalars stay as they are; the rest is punctuation. */
const TOKENS = /"(?:[^"\\]|\\.)*"|\{\}|\[\]|[{}[\],:]/g;

const indent = (depth: number): string => '\t'.repeat(depth);

/** Present only when the command carried one; answered as it came, whatever its type. */
const tag = (customTag: unknown): string =>
  customTag === undefined ? '' : `,"customTag":${JSON.stringify(customTag)}`;

const argumentEncoders = table(commands, ({ takes }) => takes);
const recordEncoders = table(subscriptions, ({ record }) => record);

function table<Entry>(
  entries: Record<string, Entry>,
  schemaOf: (entry: Entry) => z.ZodType,
): ReadonlyMap<string, Encoder<unknown>> {
  return new Map(Object.entries(entries).map(([name, entry]) => [name, recordEncoderOf(schemaOf(entry))]));
}

const encoderFor = (encoders: ReadonlyMap<string, Encoder<unknown>>, name: string): Encoder<unknown> =>
  present(encoders.get(name), `${name} has no fields to write`);
