import { parseCommand, type Answer, type Command, type CommandType } from '@core/contracts/command';
import { refusal } from '@core/contracts/refusal';
import { commandSubjects } from '@core/contracts/subjects';
import { LedgerCore } from '@core/ledger/ledger-core';
import { decisionSpan } from '@core/service/story-spans';
import { spanOfTraceparent, TRACEPARENT } from '@core/service/trace-context';
import { Tracing } from '@core/service/tracing';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import type { MsgHdrs } from 'nats';

const types = Object.keys(commandSubjects) as CommandType[];
const typeBySubject = new Map<string, CommandType>(types.map((type) => [commandSubjects[type], type]));

/** One handler for every command there is, told apart by subject: read it, hand it in, answer. */
@Controller()
export class CommandsController {
  constructor(
    @Inject(LedgerCore) private readonly ledger: LedgerCore,
    @Inject(Tracing) private readonly tracing: Tracing,
  ) {}

  @MessagePattern([...typeBySubject.keys()])
  async submit(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Answer> {
    const type = typeBySubject.get(context.getSubject());
    if (type === undefined) throw new Error(`no command has the subject ${context.getSubject()}`);
    const command = parseCommand(type, body);
    if (!command.ok) return { ok: false, refusal: refusal('malformed', command.error) };
    return this.tracing.isOn ? this.traced(command.value, context) : this.ledger.commands.submit(command.value);
  }

  private async traced(command: Command, context: NatsContext): Promise<Answer> {
    const beganMs = Date.now();
    const answer = await this.ledger.commands.submit(command);
    const headers = context.getHeaders() as MsgHdrs | undefined;
    const after = spanOfTraceparent(headers?.get(TRACEPARENT), command.correlationid);
    this.tracing.record(decisionSpan(command, after, answer, { beganMs, endedMs: Date.now() }));
    return answer;
  }
}
