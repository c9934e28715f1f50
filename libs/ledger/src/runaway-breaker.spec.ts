import { aCommand } from '@core/contracts/command-examples.fixture';
import { anEvent } from '@core/contracts/examples.fixture';
import { LimitKind } from '@core/contracts/limit';
import { newId } from '@core/service/clock';
import { turn, WatchedLedger } from './watched-ledger.fixture.ts';

describe('an account that runs away', () => {
  let ledger: WatchedLedger;
  beforeEach(async () => {
    ledger = new WatchedLedger();
    await ledger.send(aCommand('RegisterAccount', {}, { commandid: newId() }));
  });
  afterEach(() => ledger.end());

  const place = () => ledger.send(aCommand('PlaceOrder', {}, { commandid: newId() }));
  const limit = (kind: LimitKind, allowed: '0' | '2') =>
    ledger.send(aCommand('SetLimit', { limit: kind, allowed }, { commandid: newId() }));
  const settled = async () => {
    for (let turns = 0; turns < 50; turns += 1) await turn();
  };
  const broken = async () => {
    await settled();
    return ledger.events.filter((event) => event.type === 'CloseOnlySet');
  };

  it.each(['orders-per-second', 'rejections-in-a-row'] as const)(
    'by %s may only close until an operator lets it trade again, and the log says why',
    async (kind) => {
      await limit(kind, '2');
      for (let count = 0; count < 2; count += 1) {
        const answer = await place();
        if (kind === 'rejections-in-a-row')
          await ledger.report(anEvent('RequestRejected', { requestId: newId() }, { id: newId() }));
        expect(answer).toMatchObject({ ok: true });
      }
      if (kind === 'rejections-in-a-row')
        await ledger.report(anEvent('RequestRejected', { requestId: newId() }, { id: newId() }));
      expect(await broken()).toEqual([]);
      expect(await place()).toMatchObject({ refusal: { reason: 'limit-exceeded', breach: { limit: kind } } });
      await place();
      expect(await broken()).toMatchObject([
        { data: { closeOnly: true, operator: 'runaway-breaker', note: `${kind}: 2 allowed, 3 found` } },
      ]);
      expect(await place()).toMatchObject({ refusal: { reason: 'close-only' } });
    },
  );

  it.each(LimitKind.options.filter((kind) => !/second|row/.test(kind)))('by %s it is not', async (kind) => {
    await limit(kind, '0');
    await place();
    expect(await broken()).toEqual([]);
  });
});
