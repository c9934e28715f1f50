import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ZodError } from 'zod';
import { ActionRefused } from './broker-control.ts';

const STATUS = { 'not-found': 404, impossible: 409 } as const;
/** Whatever type the answer would have had. */
const JSON_TYPE = 'application/json';

/** What cannot be done is told in one line; what was asked wrongly, with the fields that are wrong. */
@Catch(ActionRefused, ZodError)
export class RefusalsFilter implements ExceptionFilter<ActionRefused | ZodError> {
  catch(refused: ActionRefused | ZodError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (refused instanceof ActionRefused) {
      void reply.status(STATUS[refused.reason]).type(JSON_TYPE).send({ error: refused.message });
      return;
    }
    const fields = refused.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
    void reply.status(400).type(JSON_TYPE).send({ error: 'not what this takes', fields });
  }
}
