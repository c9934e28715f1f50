import type { Operator } from '@core/operations/console-link';
import { OperatorRole } from '@core/registry/operator-role';
import {
  createParamDecorator,
  ForbiddenException,
  Injectable,
  SetMetadata,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { OperatorSessions } from './sessions.ts';

type Known = FastifyRequest & { operator?: Operator };

/** The least first. */
const ROLES = OperatorRole.options;
export const NEEDED_ROLE = 'needed role';

/** What whoever asks must at least be allowed; looking, where nothing is said. */
export const Needs = (role: OperatorRole) => SetMetadata(NEEDED_ROLE, role);

/** Who asks. */
export const Asker = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { operator } = context.switchToHttp().getRequest<Known>();
  if (!operator) throw new UnauthorizedException('nobody is logged in');
  return operator;
});

/** Lets nobody read or change anything who is not logged in. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(
    private readonly sessions: OperatorSessions,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Known>();
    const operator = await this.sessions.asking(request);
    if (!operator) throw new UnauthorizedException('log in first');
    request.operator = operator;
    const needed = this.reflector.get<OperatorRole | undefined>(NEEDED_ROLE, context.getHandler()) ?? 'read';
    if (ROLES.indexOf(operator.role) < ROLES.indexOf(needed))
      throw new ForbiddenException(`this needs the role ${needed}; ${operator.name} has ${operator.role}`);
    return true;
  }
}
