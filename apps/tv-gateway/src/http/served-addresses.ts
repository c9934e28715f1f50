import { routes, streamRoutes } from '@core/tradingview/wire/routes';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SessionGuard } from '../api/session.guard.ts';
import { DataGuard } from '../data/data.guard.ts';

/** Addresses that anybody may call. */
const PUBLIC: ReadonlySet<string> = new Set(['/authorize', '/mapping']);
const DATA: ReadonlySet<string> = new Set(['/groups', '/symbol_info', '/history', '/streaming']);

const pathsOf = (served: object): string[] => Object.keys(served).map((route) => route.replace(/^\S+ /, ''));

const TEMPLATES = [...new Set([...pathsOf(routes), ...pathsOf(streamRoutes), '/streaming'])]
  .filter((path) => !PUBLIC.has(path))
  .map((path) => ({ path, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`) }));

/** The addresses of the document, by whatever method they are called. */
@Injectable()
export class ServedAddresses {
  constructor(
    private readonly sessions: SessionGuard,
    private readonly data: DataGuard,
  ) {}

  /** At an address of the document, whatever is wrong with the request: `Unauthenticated` for who is not logged in. */
  async authenticate(request: FastifyRequest): Promise<void> {
    const path = pathOf(request.url);
    const address = TEMPLATES.find(({ pattern }) => pattern.test(path));
    if (address === undefined) return;
    if (DATA.has(address.path)) await this.data.identify(request);
    else await this.sessions.identify(request);
  }
}

/** As the router reads it; what it cannot read is as it came. */
function pathOf(url: string): string {
  const [path = ''] = url.split('?');
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
