import { present } from '@core/kernel/present';
import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { bearerOf } from '../http/bearer.ts';
import { DataSettings } from '../config.ts';
import { DataLogins, type DataReader } from './data-logins.ts';

type Called = FastifyRequest & { dataReader?: DataReader };

/** Nobody gets past it who may not read the data, whatever else is wrong with the request. */
@Injectable()
export class DataGuard implements CanActivate {
  constructor(
    private readonly settings: DataSettings,
    private readonly logins: DataLogins,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Called>();
    request.dataReader = await this.identify(request);
    return true;
  }

  /** Throws `Unauthenticated` for who may not read the data. */
  identify(request: FastifyRequest): Promise<DataReader> {
    const isOpen = this.settings.auth === 'none';
    return this.logins.authenticate(isOpen ? null : bearerOf(request.headers.authorization));
  }
}

export const CurrentReader = createParamDecorator((_: unknown, context: ExecutionContext) =>
  present(context.switchToHttp().getRequest<Called>().dataReader, 'the data guard stands before every such handler'),
);
