import { CommandClient } from '@core/bus/command-client';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import { connectNats } from '@core/bus/nats-connection';
import type { Event, RecordedEvent } from '@core/contracts/event';
import { anEvent } from '@core/contracts/examples.fixture';
import type { FeedBatch } from '@core/contracts/feed';
import { subjects } from '@core/contracts/subjects';
import { newId } from '@core/service/clock';
import type { NatsConnection } from 'nats';

const CLAIM = { timeoutMs: 30_000 };
const NAME = 'bench';

/** A connector whose broker does at once whatever it is asked: what is measured beside it has no pacing but our own. */
export class InstantBroker {
  private readonly commands: CommandClient;
  private failed: Error | null = null;

  /** `onDispatched` hears of each request of a signal, by the sender's name of its position, once its claim is granted. */
  private constructor(
    private readonly nats: NatsConnection,
    private readonly onDispatched: (externalPositionId: string) => void,
  ) {
    this.commands = new CommandClient(new NatsCommandTransport(nats), NAME);
    nats.subscribe(subjects.feed, { callback: (_error, message) => this.take(message.json<FeedBatch>()) });
  }

  static async open(natsUrl: string, onDispatched: (externalPositionId: string) => void): Promise<InstantBroker> {
    const broker = new InstantBroker(await connectNats({ url: natsUrl, name: 'bench-broker' }), onDispatched);
    await broker.nats.flush();
    return broker;
  }

  /** Throws where a request could not be carried out. */
  async close(): Promise<void> {
    await this.nats.close();
    if (this.failed) throw this.failed;
  }

  private take({ events }: FeedBatch): void {
    for (const event of events)
      if (event.type === 'OrderRequested' || event.type === 'CloseRequested')
        this.carryOut(event).catch((error: Error) => (this.failed ??= error));
  }

  private async carryOut(event: RecordedEvent & { type: 'OrderRequested' | 'CloseRequested' }): Promise<void> {
    const request =
      event.type === 'OrderRequested'
        ? { kind: 'order' as const, requestId: event.data.orderId }
        : { kind: 'close' as const, requestId: event.data.requestId };
    const claim = { type: 'DispatchRequest', data: { ...request, connector: NAME } } as const;
    const answer = await this.commands.ask(event.subject, claim, { ...CLAIM, correlation: event.correlationid });
    if (!answer.ok) throw new Error(`a claim was refused: ${answer.refusal.reason}`);
    if (event.data.signal) this.onDispatched(event.data.signal.externalPositionId);
    const body = { batchid: newId(), events: factsOf(event) };
    this.nats.publish(subjects.intake(event.subject), JSON.stringify(body));
  }
}

function factsOf(event: RecordedEvent & { type: 'OrderRequested' | 'CloseRequested' }): Event[] {
  const envelope = () => ({ id: newId(), subject: event.subject, correlationid: event.correlationid });
  if (event.type === 'CloseRequested') {
    const { requestId, positionId, volumeLots } = event.data;
    return [
      anEvent('RequestAccepted', { kind: 'close', requestId }, envelope()),
      anEvent('PositionClosed', { positionId, requestId, volumeLots, reason: 'user' }, envelope()),
    ];
  }
  const { orderId, instrument, contract, side, volumeLots, signal } = event.data;
  const position = { positionId: newId(), volumeLots, price: '1.1' } as const;
  const terms = { orderId, instrument, contract, side, signal, stopLoss: null, takeProfit: null };
  return [
    anEvent('RequestAccepted', { requestId: orderId }, envelope()),
    anEvent('OrderFilled', { orderId, ...position }, envelope()),
    anEvent('PositionOpened', { ...position, ...terms, brokerPosition: position.positionId.slice(-12) }, envelope()),
  ];
}
