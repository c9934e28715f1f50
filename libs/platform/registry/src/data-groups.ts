import type { DataGroup } from './data-feed-entities.ts';

const ID = /^[a-z]+_[a-z_]*[a-z]$/;
const GROUPS_MAX = 10;
const INSTRUMENTS_MAX = 10_000;

const prefixOf = (id: string): string => id.slice(0, id.indexOf('_') + 1);

/** Why a group cannot be told beside those that were (document, `getGroups`); null where it can. */
export function dataGroupFault(group: DataGroup, known: readonly DataGroup[]): string | null {
  const { id, instruments } = group;
  const others = known.filter((each) => each.id !== id);
  const [first] = others;
  if (!ID.test(id)) return `${id} is no name of a group: small Latin letters and _, as acme_currencies`;
  if (first && prefixOf(first.id) !== prefixOf(id)) return `all groups begin with ${prefixOf(first.id)}`;
  if (others.length >= GROUPS_MAX) return `there are no more than ${GROUPS_MAX} groups`;
  if (instruments.length > INSTRUMENTS_MAX) return `a group has no more than ${INSTRUMENTS_MAX} instruments`;
  for (const instrument of instruments) {
    const other = others.find((each) => each.instruments.includes(instrument));
    if (other) return `${instrument} is in ${other.id}: an instrument is in one group`;
  }
  return null;
}
