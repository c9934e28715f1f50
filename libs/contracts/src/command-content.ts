import { uuidV5 } from '@core/kernel/uuid';
import type { Command } from './command.ts';
import type { Uuid } from './primitives.ts';

/**
 * A digest of what a command asks for: commands of one id are the same command if they agree in it.
 * Who sent it, when and in which chain of cause may differ from one sending to the next.
 */
export function commandContent(command: Command): Uuid {
  const known = contents.get(command);
  if (known !== undefined) return known;
  const content = uuidV5(command.commandid, JSON.stringify([command.type, command.subject, askedFor(command)]));
  contents.set(command, content);
  return content;
}

/** Asked when a command comes and when it is answered; nobody changes a command in between. */
const contents = new WeakMap<Command, Uuid>();

/** Without names for people, and without what our own settings and mappings made of it: those change in between. */
function askedFor(command: Command): unknown {
  switch (command.type) {
    case 'ReceiveSignal': {
      const { strategyName: _, ...said } = command.data.signal;
      return said;
    }
    case 'PlaceOrder':
    case 'ReversePosition': {
      const { worstPrice: _, ...terms } = command.data;
      return terms;
    }
    case 'ContinueSignal': {
      const { order: _, ...signal } = command.data;
      return signal;
    }
    case 'RecordStrategy': {
      const { name: _, ...decided } = command.data;
      return decided;
    }
    default:
      return command.data;
  }
}
