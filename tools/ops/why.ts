import type { RecordedEvent } from '@core/contracts/event';
import { LogSearch } from '@core/event-log/log-search';
import { absenceInWords, namedOrDelivered } from '@core/operations/absent-delivery';
import type { Command } from 'commander';
import { accountNamed } from './account-named.ts';
import { BadInput } from './bad-input.ts';
import { withSystem } from './cli.ts';
import { causesOf, type ChainLink } from '@core/operations/chain';
import { describeEvent } from '@core/operations/describe-event';
import { chainsOf } from '@core/operations/lookup';
import { verdictOf } from '@core/operations/verdict';
import { shortTime, tree, type Branch, type Output } from './output.ts';
import { table } from './table.ts';
import type { OperatedSystem } from './system.ts';

const BALANCE = 'balance';
/** Bookings that a balance is told by. */
const BOOKINGS_MAX = 50;

/** `ops why …`: what led to what. */
export function addWhy(program: Command): void {
  program
    .command('why <id> [account]')
    .description(
      'why an order, position, request, signal or event is as it is: a sentence, and the chain of causes as a tree; or: why balance <account>',
    )
    .action(
      withSystem((system, output, _options, [text = '', account]) => {
        if (text === BALANCE && account !== undefined) return tellBalance(system, output, account);
        if (account !== undefined) throw new BadInput(`say ${BALANCE} before the account, or one id`);
        return tell(system, output, text);
      }),
    );
}

async function tell(system: OperatedSystem, output: Output, text: string): Promise<void> {
  const what = await namedOrDelivered(system.pool, system.log.detached, text);
  if ('delivery' in what) return output.say({ ...what, causes: [] }, () => absenceInWords(what.delivery));
  const chains = await chainsOf(system.pool, system.log, what);
  const causes = chains.flatMap((chain) => causesOf(chain));
  const events = chains.flat().toSorted((one, two) => one.position - two.position);
  const verdict = verdictOf(what.id, events);
  output.say({ ...what, verdict, causes }, () =>
    [
      `${what.kind} ${what.id} of account ${what.account}`,
      ...(verdict === null ? [] : [verdict]),
      ...causes.map((cause) => tree(root(cause))),
    ].join('\n\n'),
  );
}

/** What moved it, the newest first. */
async function tellBalance(system: OperatedSystem, output: Output, text: string): Promise<void> {
  const account = await accountNamed(system, text);
  const window = { before: Number.MAX_SAFE_INTEGER, limit: BOOKINGS_MAX };
  const found = await new LogSearch(system.pool, system.log.detached).page(
    { account, types: ['BalanceChanged'] },
    window,
  );
  const moves = found.flatMap(({ type, position, time, data }) =>
    type === 'BalanceChanged' ? [{ position, time, ...data }] : [],
  );
  output.say({ account, moves }, () => {
    const rows = moves.map(({ position, time, balance, credit, operation }) => [
      ...[position, shortTime(time), operation?.type ?? 'not told yet', operation?.delta],
      ...[operation?.reference, operation?.comment, balance, credit],
    ]);
    const head = ['position', 'when', 'moved by', 'delta', 'reference', 'comment', 'balance', 'credit'];
    return table(head, rows, 'its broker has not told a balance yet');
  });
}

const lineOf = ({ position, type }: RecordedEvent, text: string): string => `${position} ${type}: ${text}`;

function root({ event, led }: ChainLink): Branch {
  const asked = 'requester' in event.data && event.data.requester ? `, asked by ${event.data.requester.edge}` : '';
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
