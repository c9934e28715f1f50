import { sessionAnswer } from '@core/operations/session-answer';
import { accountState } from '@core/projections/account';
import type { Command } from 'commander';
import { accountStates } from './account-states.ts';
import { withSystem } from './cli.ts';
import { shortTime } from './output.ts';
import { table } from './table.ts';

/** `ops sessions`: every session at a broker. */
export function addSessions(program: Command): void {
  program
    .command('sessions')
    .description('each session at a broker: since when it stands so, by which connector, and when it was last heard')
    .action(
      withSystem(async (system, output) => {
        const accounts = await (await system.registry()).accounts();
        const states = await accountStates(
          system,
          accounts.map(({ id }) => id),
        );
        const sessions = accounts.map((account) =>
          sessionAnswer({ ...account, state: states.get(account.id) ?? accountState.initial() }),
        );
        const rows = sessions.map(({ venue, brokerLogin, name, mode, enabled, session, lastHeard, lastLook }) => [
          ...[venue, brokerLogin, name, mode, enabled ? session.status : 'disabled', shortTime(session.since)],
          ...[session.connector, shortTime(lastHeard), lastLook && `${lastLook.outcome}, ${shortTime(lastLook.at)}`],
          session.reason,
        ]);
        const head = ['venue', 'login', 'name', 'mode', 'stands', 'since', 'connector', 'heard', 'last look', 'why'];
        output.say(sessions, () => table(head, rows, 'no accounts: ops accounts add'));
      }),
    );
}
