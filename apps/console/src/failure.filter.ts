import { LedgerUnavailable } from '@core/bus/command-client';
import { LedgerRefusal } from '@core/operations/accepted-at';
import { AskedWrongly } from '@core/operations/asked-wrongly';
import { RegistryError } from '@core/registry/registry-error';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z, ZodError } from 'zod';
import { BusAway } from './bus.ts';

/** What the pages are told of a question that could not be answered. */
export const FailureAnswer = z.strictObject({ error: z.string() });
type FailureAnswer = z.output<typeof FailureAnswer>;

const CANCELLED_BY_TIME = '57014';
/** What the driver says, without a code, of a connection that broke or cannot be had. */
const LOST =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Every failure as a sentence: what was wrong with the question, or what does not work, and never an empty answer. */
@Catch()
export class FailureFilter implements ExceptionFilter {
  private readonly log = new Logger(FailureFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) return;
    const { status, text } = this.said(error, host.switchToHttp().getRequest<FastifyRequest>().url);
    void reply.code(status).send({ error: text } satisfies FailureAnswer);
  }

  private said(error: unknown, url: string): { readonly status: number; readonly text: string } {
    if (error instanceof HttpException) return { status: error.getStatus(), text: error.message };
    if (error instanceof LedgerRefusal) return { status: 422, text: error.message };
    if (error instanceof AskedWrongly || error instanceof RegistryError) return { status: 400, text: error.message };
    if (error instanceof ZodError) {
      const [issue] = error.issues;
      return { status: 400, text: `${issue?.path.join('.') ?? 'the question'}: ${issue?.message ?? 'cannot be read'}` };
    }
    if (error instanceof LedgerUnavailable)
      return { status: 504, text: 'the ledger did not answer in time: whether it was done is not known' };
    if (error instanceof BusAway) return { status: 503, text: error.message };
    if (error instanceof Error && 'code' in error && error.code === CANCELLED_BY_TIME)
      return { status: 503, text: 'the search took too long: narrow it by time, account or position' };
    if (isStatused(error)) return { status: error.statusCode, text: error.message };
    this.log.error({ err: error, url, msg: 'a question was not answered' });
    return error instanceof Error && ('code' in error || LOST.test(error.message))
      ? { status: 503, text: `Postgres could not be asked: ${error.message}` }
      : { status: 500, text: 'it failed, and the log of the console says why' };
  }
}

/** What Fastify refuses before anything of ours is asked. */
const isStatused = (error: unknown): error is Error & { readonly statusCode: number } =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500;
