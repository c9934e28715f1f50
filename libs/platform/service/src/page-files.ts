import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.json', 'application/json; charset=utf-8'],
  ['.yaml', 'application/yaml; charset=utf-8'],
]);

interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  readonly zipped: Buffer;
  readonly etag: string;
}

/**
 * What browsers are given, as the build put it into a folder beside this process's own file; read once.
 * Another build may be writing there: what it has not finished has a name of no kind, and is gone a moment later.
 */
export class PageFiles {
  private readonly files: ReadonlyMap<string, PageFile>;

  constructor(folder: string) {
    const names = existsSync(folder) ? readdirSync(folder) : [];
    this.files = new Map(
      names.flatMap((name) => {
        const type = TYPES.get(extname(name));
        return type === undefined ? [] : [[name, read(join(folder, name), type)]];
      }),
    );
  }

  get(name: string): PageFile | undefined {
    return this.files.get(name);
  }

  get names(): readonly string[] {
    return [...this.files.keys()];
  }
}

function read(path: string, type: string): PageFile {
  const body = readFileSync(path);
  return { type, body, zipped: gzipSync(body), etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
}

/** Compressed where the browser can read that, and not at all where it has the same already. */
export async function sendPageFile({ headers }: FastifyRequest, reply: FastifyReply, file: PageFile): Promise<void> {
  void reply.header('etag', file.etag).header('cache-control', 'no-cache').header('vary', 'Accept-Encoding');
  if (headers['if-none-match'] === file.etag) return void (await reply.code(304).send());
  const isZipped = /\bgzip\b/.test(headers['accept-encoding'] ?? '');
  if (isZipped) void reply.header('content-encoding', 'gzip');
  await reply.type(file.type).send(isZipped ? file.zipped : file.body);
}
