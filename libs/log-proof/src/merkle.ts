// Merkle trees as RFC 6962 (section 2.1) builds them: leaves and inner nodes are hashed apart, so that none passes for
// the other. Hashes are 32 bytes of SHA-256.
import { createHash } from 'node:crypto';

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

const sha256 = (...parts: readonly (Buffer | string)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

export const leafHash = (line: string): Buffer => sha256(LEAF, line);
const nodeHash = (left: Buffer, right: Buffer): Buffer => sha256(NODE, left, right);

/** The root over leaves, at least one. */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves;
  if (!first) throw new Error('a tree has at least one leaf');
  if (leaves.length === 1) return first;
  const half = halfOf(leaves.length);
  return nodeHash(rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)));
}

/** What a leaf needs beside itself to come to the root: the roots of the halves it is not in, nearest first. */
export function pathOf(leaves: readonly Buffer[], index: number): Buffer[] {
  if (leaves.length <= 1) return [];
  const half = halfOf(leaves.length);
  return index < half
    ? [...pathOf(leaves.slice(0, half), index), rootOf(leaves.slice(half))]
    : [...pathOf(leaves.slice(half), index - half), rootOf(leaves.slice(0, half))];
}

/** The root that a leaf at `index` of `size` comes to by its path; null where a path of another length would be needed. */
export function rootThrough(leaf: Buffer, index: number, size: number, path: readonly Buffer[]): Buffer | null {
  const beside = path.at(-1);
  if (size === 1 || !beside) return size === 1 && !beside ? leaf : null;
  const half = halfOf(size);
  const isLeft = index < half;
  const inner = rootThrough(leaf, isLeft ? index : index - half, isLeft ? half : size - half, path.slice(0, -1));
  if (!inner) return null;
  return isLeft ? nodeHash(inner, beside) : nodeHash(beside, inner);
}

/** The largest power of two below a size of two or more. */
const halfOf = (size: number): number => 2 ** (31 - Math.clz32(size - 1));
