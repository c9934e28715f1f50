import { createHash } from 'node:crypto';

/** JSON text with one spelling for one value (RFC 8785): members sorted by name, no white space. For plain JSON data. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}

/** SHA-256 in hex of the canonical text: the same for the same value, whoever made it and in whatever order. */
export const jsonDigest = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');
