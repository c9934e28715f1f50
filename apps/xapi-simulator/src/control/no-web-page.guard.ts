import { ForbiddenException, Injectable, UnsupportedMediaTypeException } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isIP } from 'node:net';

/**
 * The control API asks for no password, so that scripts are short; web pages that a browser on this machine shows must
 * not reach it for that reason. A page of another origin says so, and a name that somebody made point here has dots.
 */
@Injectable()
export class NoWebPageGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (headers.origin !== undefined && hostOf(headers.origin) !== headers.host?.toLowerCase())
      throw new ForbiddenException('this is not for pages of another origin');
    if (!isPlainHost(headers.host ?? '')) throw new ForbiddenException('ask by address, or by a name without dots');
    const type = headers['content-type'];
    if (type !== undefined && !/^application\/json *(;|$)/i.test(type))
      throw new UnsupportedMediaTypeException('bodies are application/json');
    return true;
  }
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

function isPlainHost(host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return isIP(name) !== 0 || /^[a-z0-9-]+$/i.test(name);
}
