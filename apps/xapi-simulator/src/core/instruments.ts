import type { Decimal } from '@core/contracts/primitives';
import { SwapType } from '@core/xapi/wire/enums';
import type { SimulatedInstrument } from './instrument.ts';

/** What the members of an asset class share. */
type Kind = Omit<SimulatedInstrument, keyof Own>;

/** What is an instrument's own. */
type Own = Pick<
  SimulatedInstrument,
  | 'symbol'
  | 'description'
  | 'currency'
  | 'currencyProfit'
  | 'digits'
  | 'pipDigits'
  | 'contractSize'
  | 'startPrice'
  | 'spread'
  | 'restlessness'
  | 'swapLong'
  | 'swapShort'
>;

const every = {
  stopsLevelPips: 0,
  commissionBasisPoints: 0,
  shortSelling: true,
  trailing: true,
  lotStep: 1,
  lotMin: 1,
};

const pair: Kind = {
  ...every,
  category: 'FX',
  group: 'Major',
  type: 21,
  lotMax: 10_000,
  marginBasisPoints: 333,
  swapType: SwapType.points,
  tripleSwapDay: 2,
  hours: 'forex',
  depth: 5,
  stepRuleId: 1,
};

const commodity: Kind = {
  ...every,
  category: 'CMD',
  group: 'Commodities',
  type: 17,
  lotMax: 10_000,
  marginBasisPoints: 500,
  swapType: SwapType.currencyPerLot,
  tripleSwapDay: 2,
  hours: 'futures',
  depth: 3,
  stepRuleId: 2,
};

const index: Kind = { ...commodity, category: 'IND', group: 'Indices', type: 18, lotMax: 20_000, tripleSwapDay: 4 };

const coin: Kind = {
  ...every,
  category: 'CRT',
  group: 'Crypto',
  type: 26,
  lotMax: 10_000,
  marginBasisPoints: 5_000,
  swapType: SwapType.interest,
  tripleSwapDay: 4,
  hours: 'always',
  depth: 1,
  stepRuleId: 3,
};

const share: Kind = {
  ...coin,
  category: 'STC',
  group: 'US stocks',
  type: 19,
  lotMin: 100,
  lotStep: 100,
  lotMax: 500_000,
  marginBasisPoints: 2_000,
  commissionBasisPoints: 8,
  hours: 'new-york',
  stepRuleId: 4,
};

/** Bought with one's own money alone, and never sold short. */
const ownedShare: Kind = {
  ...share,
  group: 'US stocks, owned',
  marginBasisPoints: 10_000,
  shortSelling: false,
  trailing: false,
};

/** The market of a fresh simulator. Sizes, steps and digits as retail brokers have them; prices of early 2024. */
// prettier-ignore
export const instruments: readonly SimulatedInstrument[] = [
  row(pair,      'EURUSD',    'Euro to American Dollar',          'EUR', 'USD', 5, 4, 100_000,   108_450,     9,   2, '-6.3',  '2.2'),
  row(pair,      'GBPUSD',    'British Pound to American Dollar', 'GBP', 'USD', 5, 4, 100_000,   127_050,    14,   3, '-3.1',  '-1.4'),
  row(pair,      'USDJPY',    'American Dollar to Japanese Yen',  'USD', 'JPY', 3, 2, 100_000,   149_250,    14,   3, '11.2',  '-21.5'),
  row(pair,      'EURGBP',    'Euro to British Pound',            'EUR', 'GBP', 5, 4, 100_000,    85_360,    14,   2, '-4.4',  '1.6'),
  row(pair,      'USDCHF',    'American Dollar to Swiss Franc',   'USD', 'CHF', 5, 4, 100_000,    88_120,    14,   2, '6.9',   '-12.8'),
  row(pair,      'EURPLN',    'Euro to Polish Zloty',             'EUR', 'PLN', 5, 4, 100_000,   431_850,   240,   9, '-21.7', '3.4'),
  row(pair,      'USDPLN',    'American Dollar to Polish Zloty',  'USD', 'PLN', 5, 4, 100_000,   398_200,   250,   9, '-9.1',  '-2.6'),
  row(commodity, 'GOLD',      'Gold, troy ounces',                'USD', 'USD', 2, 1,     100,   203_550,    35,   6, '-7.71', '2.05'),
  row(commodity, 'OIL.WTI',   'Light crude oil, barrels',         'USD', 'USD', 2, 2,   1_000,     7_820,     3,   1, '-4.1',  '-1.9'),
  row(index,     'US500',     '500 large companies of America',   'USD', 'USD', 1, 1,      50,    50_105,     6,   3, '-31.2', '12.9'),
  row(index,     'DE40',      '40 large companies of Germany',    'EUR', 'EUR', 1, 1,      25,   170_402,    12,   8, '-58.4', '21.3'),
  row(coin,      'BITCOIN',   'Bitcoin',                          'USD', 'USD', 2, 0,       1, 5_194_000, 4_200, 650, '-22.5', '-3.5'),
  row(coin,      'ETHEREUM',  'Ethereum',                         'USD', 'USD', 2, 0,      10,   293_000,   420,  90, '-22.5', '-3.5'),
  row(share,     'AAPL.US_9', 'Apple Inc.',                       'USD', 'USD', 2, 2,       1,    18_230,     6,   3, '-7.9',  '-0.6'),
  row(ownedShare, 'MSFT.US_4', 'Microsoft Corp.',                 'USD', 'USD', 2, 2,       1,    40_710,     9,   5, '0',     '0'),
];

function row(
  kind: Kind,
  symbol: string,
  description: string,
  currency: string,
  currencyProfit: string,
  digits: number,
  pipDigits: number,
  contractSize: number,
  startPrice: number,
  spread: number,
  restlessness: number,
  swapLong: Decimal,
  swapShort: Decimal,
): SimulatedInstrument {
  const own: Own = {
    symbol,
    description,
    currency,
    currencyProfit,
    digits,
    pipDigits,
    contractSize,
    startPrice,
    spread,
    restlessness,
    swapLong,
    swapShort,
  };
  return { ...kind, ...own };
}
