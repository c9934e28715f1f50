import { aCommand } from '@core/contracts/command-examples.fixture';
import type { Command } from '@core/contracts/command';
import { exampleAccount } from '@core/contracts/examples.fixture';
import { instantFromMs } from '@core/kernel/instant';
import { newId } from '@core/service/clock';
import { MemoryLedger } from '@core/testing/memory-ledger';

describe('a wish that is refused', () => {
  let ledger: MemoryLedger;
  let nowMs: number;
  beforeEach(async () => {
    nowMs = Date.UTC(2026, 0, 5, 10);
    ledger = new MemoryLedger({ now: () => instantFromMs(nowMs) });
    await ledger.send(aCommand('RegisterAccount', {}, { commandid: newId() }));
  });
  afterEach(() => ledger.end());

  const refused = () => ledger.events.filter((event) => event.type === 'CommandRefused');
  const settled = async (command: Command) => {
    const answer = await ledger.send(command);
    await new Promise(setImmediate);
    return answer;
  };
  const place = (data: Parameters<typeof aCommand<'PlaceOrder'>>[1] = {}, commandid = newId()) =>
    aCommand('PlaceOrder', data, { commandid });

  it('is kept with the numbers it was judged by, and may be sent again once it may pass', async () => {
    const setLimit = (allowed: '5' | '20') => settled(aCommand('SetLimit', { allowed }, { commandid: newId() }));
    await setLimit('5');
    const order = place({ volumeLots: '10' });
    expect(await settled(order)).toMatchObject({ ok: false, refusal: { reason: 'limit-exceeded' } });
    const breach = { limit: 'order-volume', of: 'account', allowed: '5', found: '10' };
    expect(refused()).toMatchObject([
      {
        subject: exampleAccount,
        correlationid: order.correlationid,
        causationid: order.commandid,
        data: { command: 'PlaceOrder', requestId: order.commandid, reason: 'limit-exceeded', breach, omitted: 0 },
      },
    ]);
    await setLimit('20');
    expect(await settled(order)).toMatchObject({ ok: true });
  });

  it('is kept where an edge refused it, in the edge’s words and with what it left out, and answered with nothing', async () => {
    const requestId = newId();
    const told = (omitted: number) => aCommand('RecordRefusal', { requestId, omitted }, { commandid: newId() });
    expect(await settled(told(3))).toMatchObject({ ok: true, eventIds: [] });
    await settled(told(0));
    expect(refused()).toMatchObject([
      {
        subject: exampleAccount,
        data: {
          ...{ command: 'PlaceOrder', requestId, reason: 'rate_limited', text: 'too many orders', omitted: 3 },
          requester: { edge: 'ws-session', reference: 'p-1' },
        },
      },
    ]);
  });

  it('is kept once, however often it is sent, and again when it is refused for another reason', async () => {
    const order = place();
    await settled(aCommand('SetCloseOnly', {}, { commandid: newId() }));
    for (let count = 0; count < 3; count += 1) await settled(order);
    expect(refused().map(({ data }) => data.reason)).toEqual(['close-only']);
    await settled(aCommand('HaltTrading', {}, { commandid: newId() }));
    await settled(order);
    expect(refused().map(({ data }) => data.reason)).toEqual(['close-only', 'trading-halted']);
  });

  it('in a flood fills no log, and the next one that is kept says how many were not', async () => {
    const flood = () => settled(place({ volumeLots: '0.001' }));
    for (let count = 0; count < 300; count += 1) await flood();
    const kept = refused().length;
    expect(kept).toBeLessThan(30);
    nowMs += 60_000;
    await flood();
    expect(refused().at(-1)).toMatchObject({ data: { omitted: 300 - kept } });
    expect(refused().length).toBe(kept + 1);
  });

  it('that no log can hold is refused all the same', async () => {
    const requester = { edge: 'tv-gateway', reference: '\u0000' };
    expect(await settled(place({ requester }))).toMatchObject({ refusal: { reason: 'malformed' } });
    expect(refused()).toEqual([]);
  });

  it('is kept of accounts only that somebody registered, and of questions never', async () => {
    await settled(aCommand('PlaceOrder', {}, { commandid: newId(), subject: newId() }));
    const wish = { type: 'PlaceOrder', data: aCommand('PlaceOrder', { volumeLots: '0.001' }).data } as const;
    await settled(aCommand('CheckRequest', { wish }, { commandid: newId() }));
    expect(refused()).toEqual([]);
  });
});
