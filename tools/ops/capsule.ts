import type { EventType, RecordedEvent } from '@core/contracts/event';
import { SYSTEM_ACCOUNT, type AccountId, type Uuid } from '@core/contracts/primitives';
import { LogSearch } from '@core/event-log/log-search';
import { readFlatJson } from '@core/kernel/foreign-json';
import { Capsule, type RawFrame } from '@core/operations/capsule';
import { chainsOf, named } from '@core/operations/lookup';
import { Redactor } from '@core/operations/redactor';
import { BUILD } from '@core/service/build';
import { DeliveryLog } from '@core/signal-inbox/delivery-log';
import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { accountNamed } from './account-named.ts';
import { BadInput } from './bad-input.ts';
import { withSystem } from './cli.ts';
import { rangeIn, type PositionRange } from './moment-in-log.ts';
import { facts } from './output.ts';
import { progressOf } from './progress.ts';
import type { OperatedSystem } from './system.ts';
import { isUnmigrated } from '@core/service/unmigrated';

/** More than an incident has; a file that people can still read and send. */
const EVENTS_MAX = 20_000;
const BRAKES_MAX = 500;
/** Samples and greetings: what went on is told by the others. */
const BESIDE_THE_POINT: readonly EventType[] = ['EquityMarked'];
const BRAKES: readonly EventType[] = [
  ...(['TradingHalted', 'TradingResumed', 'CloseOnlySet', 'LimitSet', 'DuplicateGuardSet', 'ShadowSet'] as const),
  'IntegrationPolicySet',
];

interface CapsuleOptions {
  readonly order?: string;
  readonly account?: string;
  readonly from?: string;
  readonly to?: string;
}

/** What a capsule is about: the events that were asked for, before their causes are looked for. */
interface Incident {
  readonly about: string;
  readonly events: readonly RecordedEvent[];
}

/** `ops capsule …`: an incident in one file, which the simulator plays again. */
export function addCapsule(program: Command): void {
  program
    .command('capsule <file>')
    .description('an incident in one file, without names and secrets; npm run sim -- capsule <file> plays it again')
    .option(
      '--order <id>',
      'an order, position, request or signal, by its id or the broker’s number, with all it led to',
    )
    .option('--account <id>', 'an account, of all its life or of --from and --to')
    .option('--from <position|time>', 'after it')
    .option('--to <position|time>', 'up to it')
    .action(
      withSystem<CapsuleOptions>(async (system, output, options, [path = '']) => {
        if (existsSync(path)) throw new BadInput(`${path} is there already: name another`);
        const incident = await incidentOf(system, options);
        if (incident.events.length === 0) throw new BadInput(`there is nothing in the log of ${incident.about}`);
        const capsule = await capsuleOf(system, incident);
        await writeFile(path, `${JSON.stringify(capsule, null, 1)}\n`, { flag: 'wx' });
        const { events, accounts, frames, redacted, missing } = capsule;
        output.say({ file: path, events: events.length, accounts: accounts.length, redacted, missing }, () => {
          const taken = Object.entries(redacted).map(([field, times]) => `${field} ${times}×`);
          return [
            facts([
              ['in', path],
              ['events', events.length],
              ['accounts', accounts.length],
              ['raw frames', frames.length],
              ['taken out', taken.join(', ') || 'nothing'],
            ]),
            ...missing.map((each) => `not in it: ${each}`),
          ].join('\n');
        });
      }),
    );
}

async function incidentOf(system: OperatedSystem, { order, account, from, to }: CapsuleOptions): Promise<Incident> {
  if (order !== undefined) {
    if (account !== undefined || from !== undefined || to !== undefined)
      throw new BadInput('say --order, or --account and --from and --to');
    const what = await named(system.pool, system.log.detached, order);
    const chains = await chainsOf(system.pool, system.log, what);
    return { about: `${what.kind} ${what.id}`, events: chains.flat() };
  }
  if (account === undefined && from === undefined) throw new BadInput('say --order, --account or --from');
  const range = await rangeIn(system.log, to === undefined ? { from: from ?? '0' } : { from: from ?? '0', to });
  const only = account === undefined ? null : await accountNamed(system, account);
  const whose = only === null ? 'everyone' : `account ${only}`;
  return { about: `${whose}, positions ${range.from + 1} to ${range.to}`, events: await inRange(system, range, only) };
}

async function inRange({ log }: OperatedSystem, { from, to }: PositionRange, only: AccountId | null) {
  const events: RecordedEvent[] = [];
  const pages = only === null ? log.read(from) : log.readAccount(only, 0, { position: to });
  const progress = progressOf('positions');
  try {
    for await (const page of pages) {
      const wanted = page.filter(({ position, type }) => position > from && position <= to && !isBeside(type));
      events.push(...wanted);
      if (events.length > EVENTS_MAX)
        throw new BadInput(`more than ${EVENTS_MAX} events: say a shorter --from and --to`);
      const { position = to } = page.at(-1) ?? {};
      progress.at(position - from, to - from);
      if (position >= to) break;
    }
  } finally {
    progress.end();
  }
  return events;
}

const isBeside = (type: EventType): boolean => BESIDE_THE_POINT.includes(type);

/** Of what was asked for, and how the orders and positions that it speaks of came to be. */
async function withCauses(system: OperatedSystem, { events }: Incident): Promise<readonly RecordedEvent[]> {
  const found = new Map(events.map((event) => [event.position, event]));
  const chains = new Set(events.map(({ correlationid }) => correlationid));
  const begun = new Set(events.flatMap((event) => beginningOf(event) ?? []));
  const spokenOf = new Map(events.flatMap((event) => idsIn(event).map((id) => [id, event.subject] as const)));
  for (const [id, account] of spokenOf) {
    if (begun.has(id)) continue;
    for (const event of (await chainsOf(system.pool, system.log, { kind: 'event', id, account })).flat())
      if (!chains.has(event.correlationid)) found.set(event.position, event);
  }
  for (const chain of chains)
    for (const event of await system.log.readCorrelation(chain)) found.set(event.position, event);
  if (found.size > EVENTS_MAX) throw new BadInput(`more than ${EVENTS_MAX} events with their causes: ask for less`);
  return [...found.values()]
    .filter(({ type }) => !isBeside(type))
    .toSorted((one, other) => one.position - other.position);
}

function beginningOf(event: RecordedEvent): Uuid | null {
  if (event.type === 'PositionOpened') return event.data.positionId;
  return event.type === 'OrderRequested' || event.type === 'OrderWorking' ? event.data.orderId : null;
}

const idsIn = ({ data }: RecordedEvent): Uuid[] =>
  [...('positionId' in data ? [data.positionId] : []), ...('orderId' in data ? [data.orderId] : [])].filter(
    (id) => id !== null,
  );

async function capsuleOf(system: OperatedSystem, incident: Incident): Promise<Capsule> {
  const events = await withCauses(system, incident);
  const [from, to] = [events[0]?.position ?? 1, events.at(-1)?.position ?? 1];
  const ids = new Set(events.map(({ subject }) => subject).filter((id) => id !== SYSTEM_ACCOUNT));
  const registry = await system.registry();
  const registered = (await registry.accounts()).filter(({ id }) => ids.has(id));
  const traders = new Set(registered.map(({ traderId }) => traderId));
  const people = (await registry.traders()).filter(({ id }) => traders.has(id));
  const redactor = new Redactor([
    ...registered.flatMap(({ brokerLogin, name }) => [brokerLogin, name]),
    ...people.map(({ login }) => login),
  ]);
  const brokers = new Map((await registry.brokers()).map(({ venue, protocol }) => [venue, protocol]));
  const search = new LogSearch(system.pool, system.log.detached);
  const latest = async <Type extends EventType>(account: AccountId, type: Type) => {
    const [found] = await search.page({ account, types: [type] }, { before: from, limit: 1 });
    return found as Extract<RecordedEvent, { type: Type }> | undefined;
  };
  const accounts = await Promise.all(
    registered.map(async ({ id: account, venue, mode, slippagePercent }) => {
      const [terms, money] = [await latest(account, 'AccountUpdated'), await latest(account, 'BalanceChanged')];
      const { currency = null, leverage = null } = terms?.data ?? {};
      const protocol = brokers.get(venue) ?? 'unknown';
      return {
        account,
        venue,
        protocol,
        mode,
        slippagePercent,
        currency,
        leverage,
        balance: money?.data.balance ?? null,
      };
    }),
  );
  const brakes = await search.page({ types: BRAKES }, { before: from, limit: BRAKES_MAX });
  const concerned = brakes.filter(({ subject }) => subject === SYSTEM_ACCOUNT || ids.has(subject)).toReversed();
  const frames = redactor.redacted(await framesOf(system, events));
  const capsule = {
    capsule: 1,
    about: incident.about,
    build: BUILD,
    ...{ from, to, accounts },
    events: redactor.redacted(events),
    frames,
    configuration: {
      brakes: redactor.redacted(concerned),
      slippage: (await registry.slippage.bounds()).map(({ venue, instrument, percent }) => ({
        ...{ venue, instrument, percent },
      })),
      projections: (await registry.releases.decisions())
        .filter(({ act }) => act === 'serve')
        .map(({ owner: edge, name: projection, version }) => ({ edge, projection, version })),
    },
    seeds: { play: `capsule-${from}-${to}`, broker: null },
    redacted: redactor.report,
    missing: [
      'what the broker’s prices were between the facts, and by what chance it acted: the log has neither',
      'the broker’s own frames: connectors keep none of what they could read',
      'what limits were measured by: the play asks the brakes again (halts, close-only, shadow), and no limit',
      ...(brakes.length === BRAKES_MAX ? [`brakes from before the last ${BRAKES_MAX} that were set`] : []),
      ...(frames.some(({ body }) => body === null)
        ? ['bodies of frames that are no JSON: they may hold anything']
        : []),
      ...(accounts.some(({ balance }) => balance === null) ? ['the balance before, of accounts that begin in it'] : []),
    ],
  };
  // What cannot be read again is not written.
  return Capsule.parse(JSON.parse(JSON.stringify(capsule)));
}

/** What ProQuant delivered of the signals in it, and what was set aside in quarantine, as far as it is JSON. */
async function framesOf(system: OperatedSystem, events: readonly RecordedEvent[]): Promise<readonly RawFrame[]> {
  const signals = events.flatMap((event) => (event.type === 'SignalReceived' ? [event.data.signal.signalId] : []));
  const deliveries = await Promise.all(signals.map((id) => deliveryOf(system, id)));
  const cases = events.flatMap((event) => (event.type === 'MessageQuarantined' ? [event.data.messageId] : []));
  const { rows } = await system.pool.query<{ id: string; receivedAt: string; body: Buffer; sha256: string }>(
    `select message_id as id, core.instant(received_at) as "receivedAt", body, encode(sha256(body), 'hex') as sha256
     from core.quarantine where message_id = any($1::text[])`,
    [cases],
  );
  return [
    ...deliveries.flat(),
    ...rows.map(({ id, receivedAt, body, sha256 }) => ({
      ...{ from: 'quarantine' as const, id, receivedAt, sha256 },
      body: readFlatJson(body.toString('utf8')) ?? null,
    })),
  ];
}

async function deliveryOf({ pool }: OperatedSystem, signalId: Uuid): Promise<RawFrame[]> {
  try {
    const found = await new DeliveryLog(pool).startingWith(signalId, 1);
    return found.map(({ id, receivedAt, body, sha256 }) => ({
      ...{ from: 'proquant' as const, id, receivedAt, sha256 },
      body: body === null ? null : (readFlatJson(body) ?? null),
    }));
  } catch (error) {
    if (isUnmigrated(error)) return [];
    throw error;
  }
}
