// The real module around the real rules, a log in memory and a broker that does as it is told: for the specs beside it.
import type { Event, RecordedEvent } from '@core/contracts/event';
import { aCommand } from '@core/contracts/command-examples.fixture';
import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import type { RejectionReason } from '@core/contracts/events/request';
import type { IntegrationPolicy } from '@core/contracts/integration-policy';
import { anInstrument } from '@core/contracts/market/example.fixture';
import type { IntegrationId } from '@core/contracts/primitives';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { exampleDelivery } from '@core/proquant/example';
import type { Integration } from '@core/registry/entities';
import { newId } from '@core/service/clock';
import { EdgeHarness } from '@core/testing/edge-harness';
import type { LogLines } from '@core/testing/log-lines';
import { MemoryLedger } from '@core/testing/memory-ledger';
import { until } from '@core/testing/until';
import type { Type } from '@nestjs/common';
import { hashOf } from '@core/registry/tokens';
import { SignalInbox } from '@core/signal-inbox/signal-inbox';
import { Integrations, StoreUnavailable, type RememberedSender } from './integrations.ts';
import { MemoryInbox } from './memory-inbox.fixture.ts';
import { policiesFor } from './log/venue-orders.ts';
import { webhook } from './webhook.ts';

export const INTEGRATION = exampleId(0x171);
export const TOKEN = 'canary-token-8f14e45fceea167a';
/** Good beside it: the tokens rotate. */
export const RENEWED_TOKEN = 'canary-token-45c48cce2e2d7fbd';

export const GOLD = anInstrument({
  instrument: 'GOLD',
  category: 'commodity',
  contract: { contractSize: '100', baseCurrency: 'GOLD', quoteCurrency: 'USD', digits: 2, pipSize: '0.01' },
  maxLots: '50',
});

type Habit = 'executes' | 'keeps silent' | 'doubts' | { readonly rejects: RejectionReason };

/** What the broker makes of requests, told as its connector would. */
export class ObedientBroker {
  opens: Habit = 'executes';
  closes: Habit = 'executes';

  factsAbout(event: RecordedEvent): Event[] {
    const envelope = { subject: event.subject, correlationid: event.correlationid };
    if (event.type === 'OrderRequested') {
      const { orderId, instrument, contract, side, volumeLots, signal } = event.data;
      if (this.opens === 'keeps silent') return [];
      if (this.opens === 'doubts') return [anEvent('RequestOutcomeUnknown', { requestId: orderId }, envelope)];
      if (this.opens !== 'executes')
        return [anEvent('RequestRejected', { requestId: orderId, reason: this.opens.rejects, text: null }, envelope)];
      const position = { positionId: newId(), volumeLots, price: '2000' } as const;
      const terms = { orderId, instrument, contract, side, signal, stopLoss: null, takeProfit: null };
      return [
        anEvent('RequestAccepted', { requestId: orderId }, envelope),
        anEvent('OrderFilled', { orderId, ...position }, envelope),
        anEvent('PositionOpened', { ...position, ...terms, brokerPosition: position.positionId.slice(0, 8) }, envelope),
      ];
    }
    if (event.type !== 'CloseRequested') return [];
    const { requestId, positionId, volumeLots } = event.data;
    if (this.closes === 'keeps silent') return [];
    if (this.closes === 'doubts') return [anEvent('RequestOutcomeUnknown', { kind: 'close', requestId }, envelope)];
    if (this.closes !== 'executes')
      return [
        anEvent('RequestRejected', { kind: 'close', requestId, reason: this.closes.rejects, text: null }, envelope),
      ];
    return [
      anEvent('RequestAccepted', { kind: 'close', requestId }, envelope),
      anEvent('PositionClosed', { positionId, requestId, volumeLots, reason: 'user' }, envelope),
    ];
  }
}

/** A ledger with a broker behind it. It outlives the processes that are connected to it. */
export class BrokeredLedger extends MemoryLedger {
  readonly broker = new ObedientBroker();
  /** What the webhook keeps, which outlives it too. */
  readonly inbox = new MemoryInbox();

  constructor() {
    super({ market: () => ({ venue: GOLD.venue, instruments: [GOLD], quotes: [] }) });
    this.listen(({ events }) => {
      const facts = events.flatMap((event) => this.broker.factsAbout(event));
      if (facts.length > 0) setImmediate(() => void this.report(...facts));
    });
  }

  /** How many commands were decided and refused. */
  get refusals(): number {
    return this.decided.filter(({ outcome }) => outcome !== 'ok').length;
  }
}

class MemoryIntegrations extends Integrations {
  mood: 'well' | 'down' | 'silent' = 'well';
  isRevoked = false;
  /** The cell where its trader lives by now, where that is another one. */
  movedTo: string | null = null;
  /** Whom the process remembers, by their token's hash, and as of which version; nobody by itself. */
  rememberedHash: string | null = null;
  rememberedVersion = 'now';
  /** What the next look-up waits for. */
  pause: Promise<unknown> | null = null;
  readonly known: Integration = {
    id: INTEGRATION,
    accountId: exampleAccount,
    name: 'spec',
    tokenHashes: [TOKEN, RENEWED_TOKEN].map(hashOf),
    tickers: {
      XAUUSD: { instrument: 'GOLD', unitsPerQuantity: '1' },
      XAGUSD: { instrument: 'SILVER', unitsPerQuantity: '1' },
    },
    slippagePercent: null,
    revoked: false,
  };

  override async authenticate(id: IntegrationId, tokenHash: string): Promise<Integration | null> {
    if (this.mood === 'down') throw new StoreUnavailable('down');
    if (this.mood === 'silent') return new Promise(() => undefined);
    const { pause } = this;
    this.pause = null;
    await pause;
    return this.known.tokenHashes.includes(tokenHash) && this.movedTo === null ? this.find(id) : null;
  }

  override async elsewhere(_id: IntegrationId, tokenHash: string): Promise<string | null> {
    return this.known.tokenHashes.includes(tokenHash) ? this.movedTo : null;
  }

  override remembered(_id: IntegrationId, tokenHash: string): RememberedSender | null {
    return this.rememberedHash === tokenHash ? { integration: this.known, version: this.rememberedVersion } : null;
  }

  override async find(id: IntegrationId): Promise<Integration | null> {
    return id === INTEGRATION && !this.isRevoked ? this.known : null;
  }
}

export interface HookAnswer {
  readonly status: number;
  readonly type: string | null;
  readonly headers: Headers;
  readonly body: string;
}

export class WebhookHarness {
  readonly integrations = new MemoryIntegrations();
  private edge: EdgeHarness;

  private constructor(
    readonly ledger: BrokeredLedger,
    /** Whether anybody says what the venue trades. */
    public isLit: boolean,
  ) {}

  /** While nobody says what the venue trades. */
  static openInTheDark(settings: Record<string, string>, ledger?: BrokeredLedger): Promise<WebhookHarness> {
    return WebhookHarness.open(settings, ledger, false);
  }

  /** `settings` are environment variables. A `ledger` of an earlier harness has its log, and its inbox unless there is another. */
  static async open(
    settings: Record<string, string> = {},
    ledger?: BrokeredLedger,
    isLit = true,
    inbox?: SignalInbox,
  ): Promise<WebhookHarness> {
    const harness = new WebhookHarness(ledger ?? new BrokeredLedger(), isLit);
    if (harness.ledger.events.length === 0)
      await harness.ledger.record(anEvent('AccountRegistered'), anEvent('AccountUpdated'));
    harness.edge = await EdgeHarness.open(webhook, {
      ledger: harness.ledger,
      settings: { RETRY_PAUSE_MS: '5', LOOK_MS: '10', MARKET_RETRY_MS: '100', ...settings },
      market: () => (harness.isLit ? { venue: 'demo', instruments: [GOLD], quotes: [] } : null),
      replace: (module) =>
        module
          .overrideProvider(Integrations)
          .useValue(harness.integrations)
          .overrideProvider(SignalInbox)
          .useValue(inbox ?? harness.ledger.inbox),
    });
    await harness.edge.listen();
    return harness;
  }

  /** A part of the process, for what no sender can bring about. */
  part<Part>(type: Type<Part>): Part {
    return this.edge.part(type);
  }

  get documented(): EdgeHarness['documented'] {
    return this.edge.documented;
  }

  get logged(): LogLines {
    return this.edge.logged;
  }

  get url(): string {
    return `http://127.0.0.1:${this.edge.port}`;
  }

  /** A signal of now, with the parts that matter to the test. */
  signal(
    type: 'OPEN' | 'CLOSE' | 'REOPEN',
    data: Record<string, unknown> = {},
    timestamp = Date.now(),
  ): Promise<HookAnswer> {
    return this.post(exampleDelivery({ type: `SIGNAL_${type}`, timestamp }, data));
  }

  post(
    body: unknown,
    headers: Record<string, string> = { 'x-proquant-token': TOKEN },
    id: string = INTEGRATION,
  ): Promise<HookAnswer> {
    return this.postText(JSON.stringify(body), headers, id);
  }

  async postText(
    body: string,
    headers: Record<string, string> = { 'x-proquant-token': TOKEN },
    id: string = INTEGRATION,
  ): Promise<HookAnswer> {
    const url = `${this.url}/proquant/v1/hooks/${id}`;
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
    const text = await response.text();
    const type: unknown = text === '' ? null : (JSON.parse(text) as { type?: unknown }).type;
    return {
      status: response.status,
      type: typeof type === 'string' ? type : null,
      headers: response.headers,
      body: text,
    };
  }

  /** An operator decides something about the integration. */
  async decide(set: IntegrationPolicy): Promise<void> {
    await this.ledger.send(
      aCommand('SetIntegrationPolicy', { integrationId: INTEGRATION, set }, { commandid: newId() }),
    );
    await until(() => policiesFor(this.part(ProjectionRunner), this.integrations.known)[set.policy] === set.value);
  }

  /** Types of everything recorded so far. */
  get happened(): string[] {
    return this.ledger.events.map(({ type }) => type);
  }

  count(type: string): number {
    return this.happened.filter((each) => each === type).length;
  }

  async happens(type: string, times = 1): Promise<void> {
    await until(() => this.count(type) >= times);
  }

  close(): Promise<void> {
    return this.edge.close();
  }
}
