// A cell is a whole core for some of the traders. Whatever it gives out says so in front, for whoever sends it on.
import { z } from 'zod';

/** What a cell may be called; the empty name is of the one that has none. */
export const CELL_PATTERN = /^[a-z][a-z0-9]{0,15}$/;
/** The name of a cell that has one. */
export const CellName = z.string().regex(CELL_PATTERN);
/** In no secret and no id of ours, and allowed wherever one is sent: in headers, paths, queries and JSON. */
const MARKED = /^(?:([a-z][a-z0-9]{0,15})\.)?(.*)$/s;

/** A token, a key or a hook id as it is given out. */
export const withCell = (cell: string, text: string): string => (cell === '' ? text : `${cell}.${text}`);

/** The cell that one names; empty where it names none. */
export const cellIn = (text: string): string => MARKED.exec(text)?.[1] ?? '';

/** What is behind the name. */
export const withoutCell = (text: string): string => MARKED.exec(text)?.[2] ?? text;

/** Whether one names another cell. What names none was given out before there were several: its cell knows it. */
export const isOfAnother = (cell: string, text: string): boolean => {
  const named = cellIn(text);
  return named !== '' && named !== cell;
};
