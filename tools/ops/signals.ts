import type { AccountId, IntegrationId, SignalId } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { DeliveryLog, type DeliveryQuery, type DeliveryRecord } from '@core/signal-inbox/delivery-log';
import type { DeliveryState } from '@core/signal-inbox/signal-inbox';
import type { Command } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import { acceptedAt } from '@core/operations/accepted-at';
import { accountNamed } from './account-named.ts';
import { BadInput } from './bad-input.ts';
import { BadNews, group, withSystem } from './cli.ts';
import { changing, Consent, type ConsentOptions } from './consent.ts';
import { nobodyYet, ofAccount } from '@core/operations/whom';
import { onlyMatch, prefixOf } from '@core/operations/lookup';
import { effectOf, outcomeAfter, storyOf } from './signal-story.ts';
import { describeEvent } from '@core/operations/describe-event';
import { facts, shortTime, type Output } from './output.ts';
import { table } from './table.ts';
import type { OperatedSystem } from './system.ts';

const LINES = '20';
const LINES_MAX = 1_000;
const CANDIDATES_MAX = 10;
const STATES: readonly DeliveryState[] = ['pending', 'done', 'dead'];
/** Replaying them trades anew. */
const ENTRIES: readonly (string | null)[] = ['SIGNAL_OPEN', 'SIGNAL_REOPEN'];
const REPLAY_WAIT_MS = 10_000;
const REPLAY_PAUSE_MS = 200;

interface ListOptions {
  readonly lines: string;
  readonly account?: string;
  readonly integration?: string;
  readonly state?: string;
}

/** `ops signals …`: everything that ProQuant delivered, and what became of it. */
export function addSignals(program: Command): void {
  const signals = group(program, 'signals', 'what ProQuant delivered, and what became of it');

  listing(signals.command('list', { isDefault: true }))
    .description('the latest deliveries, whatever became of them')
    .option('--state <state>', STATES.join(', '))
    .action(
      withSystem<ListOptions>((system, output, options) => list(system, output, options, stateOf(options.state))),
    );

  listing(signals.command('dead'))
    .description('deliveries that nobody could read')
    .action(withSystem<ListOptions>((system, output, options) => list(system, output, options, 'dead')));

  signals
    .command('show <id>')
    .description('one delivery with its numbers and what the log has of it, by the requestId its sender was given')
    .action(
      withSystem(async (system, output, _options, [text = '']) => {
        const delivery = await deliveryNamed(system, text);
        const story = await storyOf(system, delivery.id);
        output.say({ ...delivery, story }, () => [inFull(delivery), ...story].join('\n'));
      }),
    );

  changing(signals.command('resume <id>'))
    .description('open what a signal left half done, however late: a position was closed for it, and none opened')
    .option('--confirm', 'it opens a position')
    .action(
      withSystem<ConsentOptions & { confirm?: true }>(async (system, output, options, [text = '']) => {
        const { id, accountId, integrationId, strategyId } = await signalNamed(system, text);
        if (!options.confirm) throw new BadInput('it opens a position: say --confirm if that is what you want');
        const consent = await Consent.to(system, output, ofAccount(accountId), options);
        if (!consent) return;
        const data = { ...consent.decision, integrationId, strategyId, signalId: id };
        const position = acceptedAt(await system.ask(consent, accountId, { type: 'ResumeSignal', data }, id));
        const outcome = await outcomeAfter(system, id, position);
        if (outcome === null) {
          output.say({ id, position }, () => 'nothing came of it yet: is proquant-webhook running?');
          throw new BadNews();
        }
        output.say({ id, position, outcome: outcome.type }, () => `${id}: ${outcome.type} ${describeEvent(outcome)}`);
      }),
    );

  changing(signals.command('dismiss <id>'))
    .description('what a signal left half done was seen to by other means: nothing more is opened for it')
    .action(
      withSystem<ConsentOptions>(async (system, output, options, [text = '']) => {
        const { id, ...whose } = await signalNamed(system, text);
        const consent = await Consent.to(system, output, ofAccount(whose.accountId), options);
        if (!consent) return;
        const { accountId, ...strategy } = whose;
        const data = { ...consent.decision, ...strategy, signalId: id };
        const position = acceptedAt(await system.ask(consent, accountId, { type: 'DismissSignal', data }, id));
        output.say({ id, position }, () => `${id}: dismissed, nothing more is opened for it`);
      }),
    );

  changing(signals.command('replay <id>'))
    .description('carry a delivery out again, by the rules that hold now; what was traded is not traded again')
    .option('--confirm', 'also where it opens a position')
    .action(
      withSystem<ConsentOptions & { confirm?: true }>(async (system, output, options, [text = '']) => {
        const delivery = await deliveryNamed(system, text);
        if (delivery.body === null) throw new BadInput('nothing of it was kept that could be carried out');
        if (ENTRIES.includes(delivery.type) && !options.confirm)
          throw new BadInput('it may open a position: say --confirm if that is what you want');
        const { accountId } = delivery;
        const consent = await Consent.to(
          system,
          output,
          accountId === null ? nobodyYet : ofAccount(accountId),
          options,
        );
        if (!consent) return;
        await system.keep(consent, { what: 'delivery', action: 'replayed', target: delivery.id });
        await system.tell(subjects.replayDelivery, { deliveryId: delivery.id });
        const after = await concluded(system, delivery);
        if (after === null) {
          output.say({ id: delivery.id, replayed: false }, () => 'nobody took it on: is proquant-webhook running?');
          throw new BadNews();
        }
        output.say(after, () => `${after.id}: ${after.state}, ${after.verdict ?? 'no verdict yet'}`);
      }),
    );
}

const listing = (command: Command): Command =>
  command
    .option('-n, --lines <number>', 'how many', LINES)
    .option('--account <id>', 'of one account only')
    .option('--integration <id>', 'of one integration only');

async function list(
  system: OperatedSystem,
  output: Output,
  { lines, account, integration }: ListOptions,
  state: DeliveryState | undefined,
): Promise<void> {
  const limit = Number(lines);
  if (!Number.isInteger(limit) || limit < 1 || limit > LINES_MAX)
    throw new BadInput(`--lines is a number from 1 to ${LINES_MAX}, not ${lines}`);
  const query: DeliveryQuery = {
    ...{ limit, state },
    accountId: account === undefined ? undefined : await accountNamed(system, account),
    integrationId:
      integration && onlyMatch(await (await system.registry()).integrations(), integration, 'integration').id,
  };
  const found = await new DeliveryLog(system.pool).latest(query);
  const shown = await Promise.all(found.map(async (each) => ({ ...each, effect: await effectOf(system, each.id) })));
  const head = ['received', 'id', 'event', 'strategy', 'state', 'verdict', 'ms', 'times', 'done, or would have been'];
  const rows = shown.map((each) => [
    ...[shortTime(each.receivedAt), each.id, each.type, each.strategyId, each.state],
    ...[each.verdict, each.tookMs?.toFixed(0), each.deliveries, each.effect],
  ]);
  output.say(shown, () => table(head, rows, 'nothing was delivered'));
}

function stateOf(text: string | undefined): DeliveryState | undefined {
  const state = STATES.find((each) => each === text);
  if (text !== undefined && state === undefined) throw new BadInput(`--state is one of ${STATES.join(', ')}`);
  return state;
}

const deliveryNamed = async (system: OperatedSystem, text: string): Promise<DeliveryRecord> =>
  onlyMatch(await new DeliveryLog(system.pool).startingWith(prefixOf(text), CANDIDATES_MAX), text, 'delivery');

/** A delivery that is a signal of a strategy. */
async function signalNamed(
  system: OperatedSystem,
  text: string,
): Promise<{ id: SignalId; accountId: AccountId; integrationId: IntegrationId; strategyId: string }> {
  const { id, accountId, integrationId, strategyId } = await deliveryNamed(system, text);
  if (accountId === null || strategyId === null) throw new BadInput(`${id} is no signal`);
  return { id, accountId, integrationId, strategyId };
}

/** What a replay came to; null where nobody began with it. */
async function concluded(system: OperatedSystem, before: DeliveryRecord): Promise<DeliveryRecord | null> {
  let last = before;
  for (const end = Date.now() + REPLAY_WAIT_MS; Date.now() < end; await pause(REPLAY_PAUSE_MS)) {
    last = await deliveryNamed(system, before.id);
    if (last.replays > before.replays && last.state !== 'pending') return last;
  }
  return last.replays > before.replays ? last : null;
}

const inFull = (each: DeliveryRecord): string =>
  `${facts([
    ['id', each.id],
    ['integration', each.integrationId],
    ['account', each.accountId],
    ['event', each.type],
    ['strategy', each.strategyId],
    ['sent', shortTime(each.sentAt)],
    ['received', shortTime(each.receivedAt)],
    ['times', each.deliveries],
    ['replays', each.replays],
    ['state', each.state],
    ['answer', each.status],
    ['verdict', each.verdict],
    ['detail', each.detail],
    ['took', each.tookMs === null ? null : `${each.tookMs.toFixed(1)} ms`],
    ['bytes', each.bytes],
    ['sha256', each.sha256],
  ])}\n${each.body ?? 'nothing of it can be shown'}`;
