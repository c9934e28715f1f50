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

  /** Where an address of the document knows no such method: who is not logged in hears that first (`Unauthenticated`). */
  async authenticate(request: FastifyRequest): Promise<void> {
    const [path = ''] = request.url.split('?');
    const address = TEMPLATES.find(({ pattern }) => pattern.test(path));
    if (address === undefined) return;
    if (DATA.has(address.path)) await this.data.identify(request);
    else await this.sessions.identify(request);
  }
}
