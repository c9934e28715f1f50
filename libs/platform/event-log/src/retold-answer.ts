import type { Answer, Command } from '@core/contracts/command';
import type { RecordedEvent } from '@core/contracts/event';
import { isPassing, refusal, RefusalReason } from '@core/contracts/refusal';

/**
 * The answer to a command as the events tell that it led to; null where it left none that stands. A wish that left none
 * had no effect, so deciding it anew gives it its first.
 */
export function retoldAnswer(command: Command, events: readonly RecordedEvent[]): Answer | null {
  let standing: RecordedEvent | null = null;
  for (const event of events) {
    const why = refusedBy(command, event);
    if (why === 'taken') return { ok: true, position: event.position, eventIds: [] };
    if (why === null) standing = event;
    // A refusal that passes is told and not kept: the same command may have been taken since.
    else if (!isPassing(why.reason)) return { ok: false, refusal: why };
  }
  if (standing === null) return null;
  const led = events.filter((event) => refusedBy(command, event) === null);
  return { ok: true, position: standing.position, eventIds: led.map(({ id }) => id) };
}

function refusedBy(command: Command, event: RecordedEvent): ReturnType<typeof refusal> | 'taken' | null {
  switch (event.type) {
    case 'CommandRefused': {
      const { reason, text, breach } = event.data;
      // What an edge refused: the command that tells of it was taken.
      if (command.type === 'RecordRefusal') return 'taken';
      const said = RefusalReason.safeParse(reason).data ?? 'malformed';
      return { ...refusal(said, text), ...(breach !== null && { breach }) };
    }
    case 'RequestShadowed':
      return refusal('in-shadow');
    case 'SignalRefused': {
      const { signalId, reason, text } = event.data;
      if (signalId !== signalOf(command)) return null;
      const said = RefusalReason.safeParse(reason).data;
      return said === undefined || isPassing(said) ? refusal('signal-not-waiting', text) : refusal(said, text);
    }
    default:
      return null;
  }
}

function signalOf(command: Command): string | null {
  if (command.type === 'ReceiveSignal') return command.data.signal.signalId;
  return command.type === 'ContinueSignal' ? command.data.signalId : null;
}
