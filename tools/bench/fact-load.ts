import { CommandClient } from '@core/bus/command-client';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import { connectNats } from '@core/bus/nats-connection';
import { aCommand } from '@core/contracts/command-examples.fixture';
import { anEvent } from '@core/contracts/examples.fixture';
import type { AccountId } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { newId } from '@core/service/clock';
import type { NatsConnection } from 'nats';

const ACCOUNTS = 50;
const BEAT_MS = 10;
const REGISTERED_WITHIN_MS = 60_000;

/** Facts of other accounts, one a message, so many a second until it is stopped. */
export class FactLoad {
  private constructor(
    private readonly nats: NatsConnection,
    private readonly beat: NodeJS.Timeout,
  ) {}

  static async start(natsUrl: string, perSecond: number): Promise<FactLoad> {
    const nats = await connectNats({ url: natsUrl, name: 'bench-load' });
    const accounts = Array.from({ length: ACCOUNTS }, newId);
    const commands = new CommandClient(new NatsCommandTransport(nats), 'bench');
    for (const account of accounts) {
      const { type, data } = aCommand('RegisterAccount');
      await commands.ask(account, { type, data }, { timeoutMs: REGISTERED_WITHIN_MS });
    }
    let sent = 0;
    const startMs = performance.now();
    const beat = setInterval(() => {
      const due = Math.floor(((performance.now() - startMs) * perSecond) / 1_000);
      for (; sent < due; sent += 1) nats.publish(...fact(accounts[sent % ACCOUNTS] ?? ''));
    }, BEAT_MS);
    return new FactLoad(nats, beat);
  }

  async stop(): Promise<void> {
    clearInterval(this.beat);
    await this.nats.close();
  }
}

function fact(subject: AccountId): [subject: string, body: string] {
  const event = anEvent('PositionAmended', {}, { id: newId(), subject, correlationid: newId() });
  return [subjects.intake(subject), JSON.stringify({ batchid: newId(), events: [event] })];
}
