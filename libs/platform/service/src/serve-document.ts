import type { FastifyInstance } from 'fastify';
import { join } from 'node:path';
import { PageFiles, sendPageFile } from './page-files.ts';
import { PAGE_HEADERS } from './page-headers.ts';

const DOCUMENT_HEADERS = {
  'content-security-policy': `default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Shows anybody, under `/docs`, the document that describes this process, as the build put it beside its own file: a
 * page, and the same for machines. Nothing where there is none.
 */
export const serveDocument = (server: FastifyInstance): void =>
  serveFolder(server, { folder: 'docs', at: '/docs', headers: DOCUMENT_HEADERS });

/** Shows the page that the build put beside this process's own file. It says nothing by itself: what it asks may be refused. */
export const servePage = (server: FastifyInstance): void =>
  serveFolder(server, { folder: 'page', at: '', headers: PAGE_HEADERS });

interface Served {
  readonly folder: string;
  /** Where its files are, and `index.html` without its name. */
  readonly at: string;
  readonly headers: Readonly<Record<string, string>>;
}

function serveFolder(server: FastifyInstance, { folder, at, headers }: Served): void {
  const files = new PageFiles(join(__dirname, folder));
  const addresses = files.names.map((name) => [`${at}/${name}`, name]);
  if (files.get('index.html'))
    addresses.push(...[...new Set([at, `${at}/`])].filter(Boolean).map((bare) => [bare, 'index.html']));
  for (const [address = '', name = ''] of addresses)
    server.get(address, async (request, reply) => {
      const file = files.get(name);
      if (file) await sendPageFile(request, reply.headers(headers), file);
      return reply;
    });
}
