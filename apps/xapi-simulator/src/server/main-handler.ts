import { commands } from '@core/xapi/wire/commands';
import { encodeError, encodeLogin, encodeRedirect, encodeStatus, prettyPrint } from '@core/xapi/wire/encode-frames';
import { errorCodes, type XapiErrorCode } from '@core/xapi/wire/error-codes';
import type { JsonObject } from '@core/xapi/wire/json-splitter';
import type { CommandContext } from '../commands/command.ts';
import { answeredCommands } from '../commands/answered-commands.ts';
import { noteUnseen } from '../commands/trade-commands.ts';
import type { FaultBook, FaultOf } from '../core/faults.ts';
import type { ClientConnection } from './client-connection.ts';
import type { ClientSession, ClientSessions } from './client-sessions.ts';

/** Commands of the main connection (seed §5): looks at the session, carries out, answers in the order of asking. */
export class MainHandler {
  constructor(
    private readonly context: CommandContext,
    private readonly sessions: ClientSessions,
    private readonly faults: FaultBook,
  ) {}

  handle(connection: ClientConnection, message: JsonObject): void {
    const { command } = message;
    if (typeof command !== 'string') return this.reply(connection, message, refusal('BE110', message));
    const userId = connection.userId ?? userIdIn(message);
    const strikes = (when: FaultOf<'drop-on'>['when']): boolean =>
      this.faults.strike('drop-on', userId, (fault) => fault.command === command && fault.when === when) !== null;

    if (strikes('before')) return connection.destroy();
    const lost = this.faults.strike('lose-reply', userId, (fault) => fault.command === command);
    const replaced = lost ? null : this.faults.strike('reply-error', userId, (fault) => fault.command === command);
    const reply =
      (lost ?? replaced)?.executed === false ? this.skip(connection, message) : this.answer(connection, message);
    if (strikes('executed')) return connection.destroy();
    if (lost) return;
    this.reply(connection, message, replaced ? wrongly(replaced, message) : reply, () => {
      if (strikes('replied') || (command === 'logout' && !this.sessions.of(connection))) connection.end();
    });
  }

  private answer(connection: ClientConnection, message: JsonObject): string {
    const { command, customTag, arguments: given } = message;
    if (typeof given !== 'object' && given !== undefined) return refusal('BE110', message);
    if (command === 'login') return this.login(connection, message);
    const session = this.sessions.of(connection);
    if (!session) return refusal('BE103', message);
    if (this.sessions.hasExpired(session)) return refusal('BE200', message);
    this.sessions.touch(session);
    if (command === 'ping') return encodeStatus(customTag);
    if (command === 'logout') return this.logout(session, message);
    const run = answeredCommands.get(String(command));
    if (!run) return refusal('BE104', message);
    const answer = run(this.context, this.callerOf(session, message), given);
    return answer.ok ? answer.value : refusal(answer.error, message);
  }

  private login(connection: ClientConnection, message: JsonObject): string {
    const { customTag } = message;
    const redirect = this.faults.strike('redirect', userIdIn(message));
    if (redirect) {
      const { address, mainPort, streamingPort } = redirect;
      return encodeRedirect({ address, mainPort, streamingPort }, customTag);
    }
    const takes = commands.login.takes.safeParse(message.arguments);
    if (!takes.success) return refusal('BE106', message);
    const login = this.sessions.login(connection, String(takes.data.userId), takes.data.password);
    return 'session' in login ? encodeLogin(login.session.token, customTag) : refusal(login.error, message);
  }

  private logout(session: ClientSession, { customTag }: JsonObject): string {
    this.sessions.end(session);
    return encodeStatus(customTag);
  }

  /** Leaves a command undone; only the journal knows that it came. */
  private skip(connection: ClientConnection, message: JsonObject): string {
    const session = this.sessions.of(connection);
    if (session && message.command === 'tradeTransaction') {
      noteUnseen(this.context, this.callerOf(session, message), message.arguments, null);
    }
    return '';
  }

  private reply(connection: ClientConnection, message: JsonObject, reply: string, then?: () => void): void {
    const { command, prettyPrint: pretty } = message;
    const late = this.faults.strike('delay-reply', connection.userId, (fault) => fault.command === command);
    const usual = command === 'tradeTransaction' ? this.context.behaviour().execDelayMs.reply : 0;
    const printed = pretty === true ? prettyPrint(reply) : reply;
    connection.reply(printed, usual + (late?.ms ?? 0), late?.blocking ?? true, then);
  }

  private readonly callerOf = ({ account, connection: { id } }: ClientSession, { customTag }: JsonObject) => ({
    account,
    connection: id,
    customTag,
  });
}

const refusal = (code: XapiErrorCode, { customTag }: JsonObject): string =>
  encodeError(code, errorCodes[code], customTag);

/** An answer that a fault gives, with a code that may not exist. */
function wrongly({ code, description }: FaultOf<'reply-error'>, { customTag }: JsonObject): string {
  const documented = new Map<string, string>(Object.entries(errorCodes)).get(code) ?? 'Unknown';
  return encodeError(code, description === undefined ? documented : description, customTag);
}

/** Whose login it would be: connections have no user before it. */
function userIdIn({ arguments: given }: JsonObject): string | null {
  if (typeof given !== 'object' || given === null || !('userId' in given)) return null;
  return String(given.userId);
}
