import type { FastifyInstance } from 'fastify';
import { join } from 'node:path';
import { PageFiles, sendPageFile } from './page-files.ts';

const HEADERS = {
  'content-security-policy': `default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Shows anybody, under `/docs`, the document that describes this process, as the build put it beside its own file: a
 * page, and the same for machines. Nothing where there is none.
 */
export function serveDocument(server: FastifyInstance): void {
  const files = new PageFiles(join(__dirname, 'docs'));
  const addresses = files.names.map((name) => [`/docs/${name}`, name]);
  if (files.get('index.html')) addresses.push(['/docs', 'index.html'], ['/docs/', 'index.html']);
  for (const [address = '', name = ''] of addresses)
    server.get(address, async (request, reply) => {
      const file = files.get(name);
      if (file) await sendPageFile(request, reply.headers(HEADERS), file);
      return reply;
    });
}
