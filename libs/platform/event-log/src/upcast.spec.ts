import type { Event } from '@core/contracts/event';
import { anEvent, recorded } from '@core/contracts/examples.fixture';
import { decodeLine, encodeLine } from './stored-line.ts';
import { lift, parseOfAnyBuild, upcasters, type Upcasters } from './upcast.ts';

const [event] = recorded([anEvent('TradingHalted', { operator: 'ada', note: 'x' })]);
const steps: Upcasters = {
  TradingHalted: {
    1: (data) => ({ ...(data as object), seen: [1] }),
    3: (data) => ({ ...(data as object), seen: [...(data as { seen: number[] }).seen, 3] }),
  },
};

describe('lift', () => {
  it('takes old data through every version in between', () => {
    expect(event && lift(event, steps, 4)).toMatchObject({
      schemaversion: 4,
      position: 1,
      data: { operator: 'ada', seen: [1, 3] },
    });
  });

  it('leaves what is current as it is', () => {
    expect(event && lift(event, steps, 1)).toBe(event);
  });

  it('knows what was settled before anybody asked for evidence', () => {
    const { evidence: _evidence, ...data } = anEvent('RequestResolved').data;
    const [settled] = recorded([{ ...anEvent('RequestResolved'), schemaversion: 1, data } as Event]);
    expect(settled && lift(settled, upcasters)).toMatchObject({ schemaversion: 2, data: { ...data, evidence: null } });
  });

  it('does not say who an account is, though it was said once', () => {
    const { data } = anEvent('AccountRegistered');
    const told = { ...data, brokerLogin: '10001', name: 'Ada' };
    const [old] = recorded([{ ...anEvent('AccountRegistered'), schemaversion: 1, data: told } as Event]);
    expect(old && lift(old, upcasters)).toMatchObject({ schemaversion: 2 });
    expect(old && lift(old, upcasters).data).toEqual(data);
  });

  it('reads what any build wrote, and says why it cannot read the rest', () => {
    const old = { ...anEvent('AccountRegistered'), schemaversion: 1 };
    const data = { ...old.data, brokerLogin: '10001', name: 'Ada' };
    expect(parseOfAnyBuild({ ...old, data })).toMatchObject({ ok: true, value: { schemaversion: 2, data: old.data } });
    const wrong = [
      { ...old, data: null },
      { ...old, type: 'Nothing' },
      { ...old, schemaversion: 9 },
      { ...old, data: {} },
      {},
    ];
    for (const each of wrong) expect(parseOfAnyBuild(each)).toMatchObject({ ok: false });
  });

  it('refuses what a newer build wrote', () => {
    const newer = event && encodeLine({ ...event, schemaversion: 2 });
    expect(() => decodeLine(newer ?? '', steps)).toThrow('position 1 is TradingHalted of version 2');
  });
});
