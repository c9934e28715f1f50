import { Refused } from '../refused.ts';

/** The symbols of a comma-separated list, each once. */
export function symbolsIn(list: string, symbolsMax: number): readonly string[] {
  const symbols = [...new Set(list.split(',').filter((symbol) => symbol !== ''))];
  if (symbols.length > symbolsMax) throw new Refused(`No more than ${symbolsMax} symbols at a time, please.`);
  return symbols;
}
