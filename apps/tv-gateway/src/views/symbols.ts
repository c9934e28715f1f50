import { Refused } from '../refused.ts';

/** The symbols of a comma-separated list, each once. By hand: it is asked for twice a second by every open page. */
export function symbolsIn(list: unknown, symbolsMax: number): readonly string[] {
  if (typeof list !== 'string' || list === '') throw new Refused('Symbols must be given once.');
  const symbols = new Set(list.split(',', symbolsMax + 1).filter((symbol) => symbol !== ''));
  if (symbols.size > symbolsMax) throw new Refused(`No more than ${symbolsMax} symbols at a time, please.`);
  return [...symbols];
}
