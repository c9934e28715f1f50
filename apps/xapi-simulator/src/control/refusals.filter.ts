import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z, ZodError } from 'zod';
import { ActionRefused } from './broker-control.ts';

const STATUS = { 'not-found': 404, impossible: 409 } as const;
/** Whatever type the answer would have had. */
const JSON_TYPE = 'application/json';

export const ControlRefusal = z.strictObject({
  error: z.string(),
  /** What is wrong with each field; of a question that was asked wrongly. */
  fields: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
});
type ControlRefusal = z.output<typeof ControlRefusal>;

/** What cannot be done is told in one line; what was asked wrongly, with the fields that are wrong. */
@Catch(ActionRefused, ZodError)
export class RefusalsFilter implements ExceptionFilter<ActionRefused | ZodError> {
  catch(refused: ActionRefused | ZodError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (refused instanceof ActionRefused) {
      const said: ControlRefusal = { error: refused.message };
      void reply.status(STATUS[refused.reason]).type(JSON_TYPE).send(said);
      return;
    }
    const fields = refused.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
    const said: ControlRefusal = { error: 'not what this takes', fields };
    void reply.status(400).type(JSON_TYPE).send(said);
  }
}
