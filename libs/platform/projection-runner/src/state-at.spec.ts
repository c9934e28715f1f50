import { anEvent } from '@core/contracts/examples.fixture';
import { stateAt } from './state-at.ts';
import { accounts, seenEvents, TalkingLog } from './toys.fixture.ts';

const [ada = '', bob = ''] = accounts;

describe('state at', () => {
  let log: TalkingLog;

  beforeEach(async () => {
    log = new TalkingLog();
    for (const hour of ['10', '11', '12']) {
      const events = [anEvent('EquityMarked', {}, { subject: ada }), anEvent('EquityMarked', {}, { subject: bob })];
      const recordedtime = `2026-01-05T${hour}:00:00.000000Z`;
      await log.append({ events, answers: [], quarantined: [], checkpoint: null, recordedtime });
    }
  });

  const positions = async (until?: Parameters<typeof stateAt>[3]) =>
    (await stateAt(log, seenEvents, ada, until)).positions;

  it('is the live state without a bound', async () => {
    expect(await positions()).toEqual([1, 3, 5]);
  });

  it('stops after a position and after a moment, both inclusive', async () => {
    expect(await positions({ position: 3 })).toEqual([1, 3]);
    expect(await positions({ position: 4 })).toEqual([1, 3]);
    expect(await positions({ time: '2026-01-05T11:00:00.000000Z' })).toEqual([1, 3]);
    expect(await positions({ time: '2026-01-05T09:59:59.999999Z' })).toEqual([]);
  });
});
