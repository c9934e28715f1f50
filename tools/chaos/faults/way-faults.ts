import { isOver, type ChaosFault } from './fault.ts';

/** Connections end, and new ones do not come about. */
export const cut: ChaosFault = async ({ ways }, way) => {
  for (const proxy of ways.on(way)) proxy.cut();
  return () => ways.on(way).forEach((proxy) => proxy.speak());
};

/** Connections live, and nothing comes over them. */
export const silence: ChaosFault = async ({ ways }, way) => {
  for (const proxy of ways.on(way)) proxy.hush();
  return () => ways.on(way).forEach((proxy) => proxy.speak());
};

/** The server has forgotten the connection, and whoever holds the other end does not know. */
export const halfOpen: ChaosFault = async ({ ways }, way) => {
  for (const proxy of ways.on(way)) proxy.loseFarEnds();
  return () => ways.on(way).forEach((proxy) => proxy.endLost());
};

/** The next batch is committed, and the ledger never hears that it was. */
export const loseAnswer: ChaosFault = async ({ ways }, way) => {
  for (const proxy of ways.on(way)) proxy.dropNextAnswerTo('core-append');
  return isOver;
};
