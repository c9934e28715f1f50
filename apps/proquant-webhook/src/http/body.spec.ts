import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { textOf } from './body.ts';

const TEXT = '{"a":"Ä €"}';
const utf8 = Buffer.from(TEXT);
const utf16le = Buffer.from(`\ufeff${TEXT}`, 'utf16le');

describe('a body', () => {
  it.each<[string, Uint8Array, string]>([
    ['as it is', utf8, ''],
    ['that says it is not compressed', utf8, 'identity'],
    ['with a byte order mark', Buffer.from(`\ufeff${TEXT}`), ''],
    ['in UTF-16', utf16le, ''],
    ['in UTF-16, big end first', Buffer.from(utf16le).swap16(), ''],
    ['compressed by gzip', gzipSync(utf8), 'gzip'],
    ['compressed by gzip, its mark too', gzipSync(utf16le), ' X-GZip'],
    ['compressed by deflate', deflateSync(utf8), 'deflate'],
    ['compressed by brotli', brotliCompressSync(utf8), 'br'],
  ])('%s is read', (_how, bytes, encoding) => {
    expect(textOf(bytes, encoding, 1_000)).toEqual({ ok: true, value: TEXT });
  });

  it.each<[string, Uint8Array, string, string]>([
    ['is not UTF-8', Buffer.from(TEXT, 'latin1'), '', 'malformed'],
    ['is not compressed as it says', utf8, 'gzip', 'malformed'],
    ['is compressed in a way we do not know', utf8, 'compress', 'unknown-encoding'],
    ['is compressed twice', gzipSync(gzipSync(utf8)), 'gzip, gzip', 'unknown-encoding'],
    ['comes to too much', gzipSync(Buffer.alloc(1_000_000)), 'gzip', 'too-large'],
  ])('that %s is refused', (_what, bytes, encoding, why) => {
    expect(textOf(bytes, encoding, 1_000)).toEqual({ ok: false, error: why });
  });
});
