import { Refused } from '../refused.ts';

/** The symbols of a comma-separated list, each once. By hand: it is asked for twice a second by every open page. */
export function symbolsIn(list: unknown, symbolsMax: number): readonly string[] {
  if (typeof list !== 'string' || list === '') throw new Refused({ key: 'form.once', values: { field: 'symbols' } });
  const symbols = new Set(list.split(',', symbolsMax + 1).filter((symbol) => symbol !== ''));
  if (symbols.size > symbolsMax) throw new Refused({ key: 'form.symbolsMax', values: { max: symbolsMax } });
  return [...symbols];
}
