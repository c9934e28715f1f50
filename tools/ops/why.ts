import type { RecordedEvent } from '@core/contracts/event';
import type { Command } from 'commander';
import { withSystem } from './cli.ts';
import { describeEvent } from './describe-event.ts';
import { chainsOf, named } from './lookup.ts';
import { shortTime, tree, type Branch } from './output.ts';

/** One event and what it led to. */
export interface ChainLink {
  readonly event: RecordedEvent;
  readonly led: readonly ChainLink[];
}

/** `ops why …`: what led to what. */
export function addWhy(program: Command): void {
  program
    .command('why <id>')
    .description('the chain of causes of an order, position, request, signal or event, as a tree')
    .action(
      withSystem(async (system, output, _options, [text = '']) => {
        const what = await named(system.pool, text);
        const chains = await chainsOf(system.pool, system.log, what);
        const causes = chains.flatMap((chain) => causesOf(chain));
        output.say({ ...what, causes }, () =>
          [`${what.kind} ${what.id} of account ${what.account}`, ...causes.map((cause) => tree(root(cause)))].join(
            '\n\n',
          ),
        );
      }),
    );
}

/** Roots are events whose cause is none of them: what people asked for, and what happened by itself. */
export function causesOf(chain: readonly RecordedEvent[]): ChainLink[] {
  const causes = new Map(chain.map((event) => [event.id, { event, led: [] as ChainLink[] }]));
  const roots: ChainLink[] = [];
  for (const cause of causes.values()) (causes.get(cause.event.causationid ?? '')?.led ?? roots).push(cause);
  return roots;
}

const lineOf = ({ position, type }: RecordedEvent, text: string): string => `${position} ${type}: ${text}`;

function root({ event, led }: ChainLink): Branch {
  const asked = 'requester' in event.data ? `, asked by ${event.data.requester.edge}` : '';
  const text = lineOf(event, `${describeEvent(event)}${asked}, ${shortTime(event.time)}`);
  return { text, branches: led.map((each) => branch(each, event)) };
}

function branch({ event, led }: ChainLink, cause: RecordedEvent): Branch {
  const text = lineOf(event, `${describeEvent(event)}, ${delay(cause, event)}`);
  return { text, branches: led.map((each) => branch(each, event)) };
}

/** By the ledger's clock: brokers' clocks differ from ours. */
function delay(cause: RecordedEvent, event: RecordedEvent): string {
  return `+${((Date.parse(event.recordedtime) - Date.parse(cause.recordedtime)) / 1000).toFixed(3)} s`;
}
