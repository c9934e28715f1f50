import type { AccountId } from '@core/contracts/primitives';
import { placeOf } from '@core/log-proof/line';
import { isDeepStrictEqual } from 'node:util';
import { IdPlaces } from './id-places.ts';
import type { LogFile } from './log-file-reader.ts';
import { blocksOf, correlationIn, idIn, inOrder } from './log-section.ts';

/** Whether who asks for an account or a chain of cause is led to every line of it; reads all of the file. */
export async function isIndexRight(file: LogFile): Promise<boolean> {
  const { head, index } = file;
  const places = new IdPlaces(head.first, head.last - head.first + 1);
  const accounts: Record<AccountId, [number, number]> = {};
  for (const section of index.sections) {
    const correlations = await file.correlations(section);
    const blocks = await file.blocks(section);
    for (const line of inOrder(blocks.flat(), section.first, section.last)) places.add(idIn(line));
    for (const [block, lines] of blocks.entries()) {
      for (const line of lines) {
        const { account, version } = placeOf(line);
        if (!blocksOf(section, account).includes(block) || !correlations.mayHave(correlationIn(line))) return false;
        accounts[account] = [accounts[account]?.[0] ?? version, version];
      }
    }
  }
  return isDeepStrictEqual(accounts, index.accounts) && (await areIdsRight(file, places));
}

async function areIdsRight(file: LogFile, places: IdPlaces): Promise<boolean> {
  const { ids } = file.index;
  let next = 0;
  for (const { id, text } of places.blocks()) {
    const [first] = ids[next] ?? [];
    if (first !== id || (await file.idBlock(next)) !== text) return false;
    next += 1;
  }
  return next === ids.length;
}
