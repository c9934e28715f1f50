import { parseCommand, type Answer, type CommandType } from '@core/contracts/command';
import { refusal } from '@core/contracts/refusal';
import { commandSubjects } from '@core/contracts/subjects';
import { LedgerCore } from '@core/ledger/ledger-core';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';

const types = Object.keys(commandSubjects) as CommandType[];
const typeBySubject = new Map<string, CommandType>(types.map((type) => [commandSubjects[type], type]));

/** One handler for every command there is, told apart by subject: read it, hand it in, answer. */
@Controller()
export class CommandsController {
  constructor(@Inject(LedgerCore) private readonly ledger: LedgerCore) {}

  @MessagePattern([...typeBySubject.keys()])
  async submit(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Answer> {
    const type = typeBySubject.get(context.getSubject());
    if (type === undefined) throw new Error(`no command has the subject ${context.getSubject()}`);
    const command = parseCommand(type, body);
    if (!command.ok) return { ok: false, refusal: refusal('malformed', command.error) };
    return this.ledger.commands.submit(command.value);
  }
}
