import { CommandClient, LedgerUnavailable, type CommandTransport } from '@core/bus/command-client';
import type { Command } from '@core/contracts/command';
import { exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { RefusalTeller, askedFor, type EdgeRefusal } from './refusal-teller.ts';

const refusal: EdgeRefusal = {
  ...{ command: 'PlaceOrder', requestId: exampleId(1), reason: 'rate_limited', text: 'x'.repeat(1_000) },
  requester: { edge: 'spec', reference: null },
};

function teller(send: CommandTransport['send']): { readonly told: Command[]; readonly teller: RefusalTeller } {
  const told: Command[] = [];
  const transport: CommandTransport = {
    send: (command, timeoutMs) => {
      told.push(command);
      return send(command, timeoutMs);
    },
  };
  return { told, teller: new RefusalTeller(new CommandClient(transport, 'spec')) };
}

describe('what an edge refuses by itself', () => {
  it('is told so often and no more, and a text no longer than it may be, however many there are', () => {
    const { told, teller: refusals } = teller(() => Promise.resolve({ ok: true, position: 0, eventIds: [] }));
    for (let count = 0; count < 5_000; count += 1) refusals.tell(exampleAccount, refusal);
    expect(told.length).toBeLessThan(100);
    const [first] = told;
    expect(first?.type === 'RecordRefusal' && first.data.text).toHaveLength(512);
    refusals.tell(exampleId(0xacc2), refusal);
    expect(told.at(-1)).toMatchObject({ subject: exampleId(0xacc2), data: { omitted: 0 } });
  });

  it('fails nobody where the ledger does not answer', async () => {
    const { told, teller: refusals } = teller((command) => Promise.reject(new LedgerUnavailable(command)));
    refusals.tell(exampleAccount, refusal);
    await new Promise(setImmediate);
    expect(told).toHaveLength(1);
  });

  it('is told as it was asked for: what was said, and nothing of what was not', () => {
    expect(askedFor({ qty: 10_000, side: 'buy', stopLoss: '', deep: {}, takeProfit: null })).toBe(
      'qty 10000, side buy',
    );
    expect(askedFor(null)).toBe('');
  });
});
