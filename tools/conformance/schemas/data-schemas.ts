import { symbolType } from './market-schemas.ts';
import { anyOf, closed, filled, flag, list, number, oneOf, open, orNull, positive, seconds, text } from './shapes.ts';

const TIMEZONES = [
  ...['New_York', 'Los_Angeles', 'Chicago', 'Phoenix', 'Toronto', 'Vancouver', 'Argentina/Buenos_Aires'],
  ...['El_Salvador', 'Sao_Paulo', 'Bogota', 'Mexico_City'],
].map((city) => `America/${city}`);
TIMEZONES.push(
  ...['Moscow', 'Athens', 'Berlin', 'London', 'Madrid', 'Paris', 'Warsaw'].map((city) => `Europe/${city}`),
  ...['Sydney', 'Brisbane', 'Adelaide', 'ACT'].map((city) => `Australia/${city}`),
  ...['Almaty', 'Ashkhabad', 'Tokyo', 'Taipei', 'Singapore', 'Shanghai', 'Seoul', 'Tehran'].map((x) => `Asia/${x}`),
  ...['Dubai', 'Kolkata', 'Hong_Kong', 'Bangkok', 'Kathmandu'].map((city) => `Asia/${city}`),
  ...['Auckland', 'Chatham', 'Fakaofo', 'Honolulu'].map((city) => `Pacific/${city}`),
  ...['Africa/Johannesburg', 'US/Mountain', 'Etc/UTC'],
);

const nullable = (word = text) => orNull(list(orNull(word)));
const SPECS = '(cfd|spreadbet|crypto)';
const typespecs = { type: 'string', pattern: `^${SPECS}(,${SPECS})*$` };

/** Columns: one row is one symbol. */
export const symbolInfoSchema = closed(
  {
    s: oneOf('ok'),
    symbol: list(filled, 1),
    description: list(text),
    currency: nullable(),
    'exchange-listed': list(filled),
    'exchange-traded': list(filled),
    minmovement: list(number),
    pricescale: list(number),
    timezone: list(oneOf(...TIMEZONES)),
    type: list(symbolType),
    'session-regular': list(text),
  },
  {
    'base-currency': nullable(),
    minmovement2: list(number),
    fractional: list(flag),
    root: nullable(),
    'root-description': nullable(),
    'has-intraday': list(flag),
    'has-no-volume': list(flag),
    typespecs: nullable(typespecs),
    'volume-type': nullable(oneOf('base', 'quote', 'tick', 'contract')),
    'is-cfd': list(flag),
    ticker: list(filled),
    'session-extended': list(orNull(text)),
    'session-premarket': list(orNull(text)),
    'session-postmarket': list(orNull(text)),
    'has-daily': list(flag),
    'has-weekly-and-monthly': list(flag),
    pointvalue: list(number),
    expiration: nullable(number),
    'bar-source': list(oneOf('bid', 'ask', 'mid', 'trade')),
    'bar-transform': list(oneOf('none', 'openprev', 'prevopen')),
    'bar-fillgaps': list(flag),
    isin: list(orNull(text)),
    wkn: list(orNull(text)),
  },
);

const prices = list(number);
export const historySchema = open({
  s: oneOf('ok'),
  t: list(seconds),
  o: prices,
  h: prices,
  l: prices,
  c: prices,
  v: prices,
});

const ofSymbol = { id: filled, t: seconds };
const trade = { ...ofSymbol, p: number, s: positive };
export const streamingLine = anyOf(
  open({ ...trade, f: oneOf('t', 'a', 'b') }),
  open({ ...ofSymbol, f: oneOf('q'), ap: number, as: number, bp: number, bs: number }),
  open({ ...ofSymbol, f: oneOf('d'), o: number, h: number, l: number, c: number, v: number }),
  closed({ heartbeat: seconds }),
);

export const groups = closed({}, { groups: list(closed({ id: filled })) });
export const permissions = closed({ groups: list(filled) });
