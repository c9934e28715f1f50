import { parseCommand, type Answer, type CommandType } from '@core/contracts/command';
import { refusal } from '@core/contracts/refusal';
import { commandSubjects } from '@core/contracts/subjects';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { CommandDesk } from '@core/ledger/command-desk';

/** One handler per command: read it, hand it to the desk, answer. */
@Controller()
export class CommandsController {
  constructor(@Inject(CommandDesk) private readonly desk: CommandDesk) {}

  @MessagePattern(commandSubjects.RegisterAccount)
  registerAccount(@Payload() body: unknown): Promise<Answer> {
    return this.submit('RegisterAccount', body);
  }

  @MessagePattern(commandSubjects.PlaceOrder)
  placeOrder(@Payload() body: unknown): Promise<Answer> {
    return this.submit('PlaceOrder', body);
  }

  @MessagePattern(commandSubjects.Amend)
  amend(@Payload() body: unknown): Promise<Answer> {
    return this.submit('Amend', body);
  }

  @MessagePattern(commandSubjects.CancelOrder)
  cancelOrder(@Payload() body: unknown): Promise<Answer> {
    return this.submit('CancelOrder', body);
  }

  @MessagePattern(commandSubjects.ClosePosition)
  closePosition(@Payload() body: unknown): Promise<Answer> {
    return this.submit('ClosePosition', body);
  }

  @MessagePattern(commandSubjects.DispatchRequest)
  dispatchRequest(@Payload() body: unknown): Promise<Answer> {
    return this.submit('DispatchRequest', body);
  }

  @MessagePattern(commandSubjects.RecordIntegration)
  recordIntegration(@Payload() body: unknown): Promise<Answer> {
    return this.submit('RecordIntegration', body);
  }

  @MessagePattern(commandSubjects.RecordStrategy)
  recordStrategy(@Payload() body: unknown): Promise<Answer> {
    return this.submit('RecordStrategy', body);
  }

  @MessagePattern(commandSubjects.ReceiveSignal)
  receiveSignal(@Payload() body: unknown): Promise<Answer> {
    return this.submit('ReceiveSignal', body);
  }

  @MessagePattern(commandSubjects.ContinueSignal)
  continueSignal(@Payload() body: unknown): Promise<Answer> {
    return this.submit('ContinueSignal', body);
  }

  @MessagePattern(commandSubjects.SettleSignal)
  settleSignal(@Payload() body: unknown): Promise<Answer> {
    return this.submit('SettleSignal', body);
  }

  @MessagePattern(commandSubjects.HaltTrading)
  haltTrading(@Payload() body: unknown): Promise<Answer> {
    return this.submit('HaltTrading', body);
  }

  @MessagePattern(commandSubjects.ResumeTrading)
  resumeTrading(@Payload() body: unknown): Promise<Answer> {
    return this.submit('ResumeTrading', body);
  }

  @MessagePattern(commandSubjects.SetCloseOnly)
  setCloseOnly(@Payload() body: unknown): Promise<Answer> {
    return this.submit('SetCloseOnly', body);
  }

  @MessagePattern(commandSubjects.ResolveRequest)
  resolveRequest(@Payload() body: unknown): Promise<Answer> {
    return this.submit('ResolveRequest', body);
  }

  private async submit(type: CommandType, body: unknown): Promise<Answer> {
    const command = parseCommand(type, body);
    return command.ok ? this.desk.submit(command.value) : { ok: false, refusal: refusal('malformed', command.error) };
  }
}
