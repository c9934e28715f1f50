import type { DataGroup } from '@core/registry/data-feed-entities';
import { inNoGroupInWords, instrumentsInNoGroup, type Offers } from './instruments-in-no-group.ts';

const holding = (id: string, ...instruments: string[]): DataGroup => ({ id, instruments, traderIds: null });
const offers: Offers = new Map([
  ['demo', ['EURUSD', 'GOLD', 'USDJPY']],
  ['elsewhere', null],
]);
const none: Offers = new Map();

describe('what is in no group', () => {
  it('is what a group held and holds no more, unless another has it', () => {
    const before = [holding('acme_fx', 'EURUSD', 'USDJPY'), holding('acme_metals', 'GOLD')];
    expect(instrumentsInNoGroup(holding('acme_fx', 'EURUSD'), before, none)).toEqual(['USDJPY']);
    expect(instrumentsInNoGroup(holding('acme_cfd', 'EURUSD'), before, none)).toEqual([]);
  });

  it('is everything else that is traded, when the first group comes', () => {
    expect(instrumentsInNoGroup(holding('acme_fx', 'EURUSD'), [], offers)).toEqual(['GOLD', 'USDJPY']);
  });

  it('is named as far as it is known, and what is not known is said', () => {
    expect(inNoGroupInWords([], none)).toEqual([]);
    expect(inNoGroupInWords(['GOLD', 'USDJPY'], offers)).toEqual([
      'in no group then, so in nobody’s permissions: GOLD, USDJPY',
      'what else is in no group is not known: nobody tells what is traded at elsewhere',
    ]);
    const many = Array.from({ length: 14 }, (_, at) => `I${at}`);
    expect(inNoGroupInWords(many, none)[0]).toMatch(/I11 and 2 more$/);
  });
});
