import { canonicalJson } from './canonical-json.ts';

/** Names of members and indices of elements on the way to a field. */
export type FieldPath = readonly string[];

/** A field in which two values of plain JSON data differ; undefined is the side that does not have it. */
export interface FieldDifference {
  readonly path: FieldPath;
  readonly left: unknown;
  readonly right: unknown;
}

/**
 * Where two values differ, as deep as both have members of the same names. What one side does not have at all is one
 * difference, and so is a list that has become longer or shorter.
 */
export function differences(left: unknown, right: unknown, path: FieldPath = []): FieldDifference[] {
  const members = isDeep(left) && isDeep(right) ? membersOf(left, right) : null;
  if (members === null) return isSameJson(left, right) ? [] : [{ path, left, right }];
  return members.flatMap((name) => differences(memberOf(left, name), memberOf(right, name), [...path, name]));
}

/** What stands at a path; undefined where nothing does. */
export function fieldAt(value: unknown, path: FieldPath): unknown {
  let field = value;
  for (const name of path) field = memberOf(field, name);
  return field;
}

/** Both may be undefined, which is no JSON: a field that is not there. */
export const isSameJson = (left: unknown, right: unknown): boolean =>
  left === right || (isDeep(left) && isDeep(right) && canonicalJson(left) === canonicalJson(right));

type Deep = Readonly<Record<string, unknown>>;

const memberOf = (value: unknown, name: string): unknown =>
  isDeep(value) && Object.hasOwn(value, name) ? value[name] : undefined;

const isDeep = (value: unknown): value is Deep => typeof value === 'object' && value !== null;

/** Null for two that are not to be compared member by member. */
function membersOf(left: Deep, right: Deep): string[] | null {
  if (Array.isArray(left) !== Array.isArray(right)) return null;
  if (Array.isArray(left) && Array.isArray(right) && left.length !== right.length) return null;
  return [...new Set([...Object.keys(left), ...Object.keys(right)])];
}
