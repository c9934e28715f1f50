import { err, ok, type Result } from '@core/kernel/result';
import type { Unreadable } from '@core/proquant/event';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

type Inflate = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array;

const INFLATE: Readonly<Record<string, Inflate>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/**
 * The text of a request's body, whatever type it claims: compressed as `content-encoding` says, in UTF-8 or as its byte
 * order mark says, and without that. `maxBytes` bounds what it comes to.
 */
export function textOf(
  bytes: Uint8Array,
  contentEncoding: string,
  maxBytes: number,
): Result<string, Exclude<Unreadable['why'], 'version-missing'>> {
  const encoding = contentEncoding.trim().toLowerCase();
  const inflate = INFLATE[encoding];
  if (!inflate && encoding !== '' && encoding !== 'identity') return err('unknown-encoding');
  try {
    const plain = inflate ? inflate(bytes, { maxOutputLength: maxBytes }) : bytes;
    return ok(new TextDecoder(charsetOf(plain), { fatal: true }).decode(plain));
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
    return err(code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'malformed');
  }
}

function charsetOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
