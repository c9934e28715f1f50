import { anEvent, recorded } from '@core/contracts/examples.fixture';
import { decodeLine, encodeLine } from './stored-line.ts';
import { lift, type Upcasters } from './upcast.ts';

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

  it('refuses what a newer build wrote', () => {
    const newer = event && encodeLine({ ...event, schemaversion: 2 });
    expect(() => decodeLine(newer ?? '', steps)).toThrow('position 1 is TradingHalted of version 2');
  });
});
