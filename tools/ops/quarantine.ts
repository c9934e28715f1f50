import type { CommandBody } from '@core/contracts/command';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { bodyOf, caseNamed, quarantineCases, type QuarantineCase } from '@core/operations/quarantine';
import { stateAt } from '@core/projection-runner/state-at';
import { accountState } from '@core/projections/account';
import type { Command } from 'commander';
import { accepted, acceptedInWords } from '@core/operations/accepted-at';
import { group, withSystem } from './cli.ts';
import { changing, Consent, type ConsentOptions } from './consent.ts';
import { nobodyYet, ofAccount } from '@core/operations/whom';
import { facts, shortTime, type Output } from './output.ts';
import { printable, table } from './table.ts';
import { readText } from './read-text.ts';
import type { OperatedSystem } from './system.ts';

/** `ops quarantine …`: what came in and could not be recorded, until somebody has looked at it. */
export function addQuarantine(program: Command): void {
  const quarantine = group(program, 'quarantine', 'messages that could not be recorded');

  quarantine
    .command('list', { isDefault: true })
    .description('those that wait for an operator, and on whose lane they came')
    .option('--all', 'those that are settled too')
    .action(
      withSystem<{ all?: true }>(async (system, output, { all }) => {
        const cases = (await casesOf(system)).filter(({ isWaiting }) => all === true || isWaiting);
        const rows = cases.map(({ id, receivedAt, account, reason, detail, isWaiting }) => [
          ...[id, shortTime(receivedAt), account, reason, detail, isWaiting ? 'waiting' : 'settled'],
        ]);
        output.say(cases, () => table(['message', 'came', 'account', 'reason', 'detail', 'stands'], rows));
      }),
    );

  quarantine
    .command('show <message>')
    .description('one of them: what it says, and what this build does not read of it')
    .action(
      withSystem(async (system, output, _options, [text = '']) => {
        const found = caseNamed(await casesOf(system), text);
        const { text: body, events } = await bodyOf(system.pool, found.id);
        output.say({ ...found, body, events }, () => {
          const rows = events.map(({ type, id, why }) => [type, id, why ?? 'reads well']);
          const held = table(['event', 'id', 'this build'], rows, 'it holds no events');
          return [factsOf(found), held, body.split('\n').map(printable).join('\n')].join('\n\n');
        });
      }),
    );

  changing(quarantine.command('skip <message>').description('put one away: it is never recorded')).action(
    withSystem<ConsentOptions>((system, output, options, [text = '']) =>
      settle(system, output, options, text, (decision) => ({ type: 'SkipMessage', data: decision }), 'is put away'),
    ),
  );

  changing(quarantine.command('release <message>'))
    .description('record it after all, as it came: once its account is registered, or a newer build reads it')
    .action(
      withSystem<ConsentOptions>((system, output, options, [text = '']) =>
        settle(
          system,
          output,
          options,
          text,
          (decision) => ({ type: 'ReleaseMessage', data: decision }),
          'is recorded',
        ),
      ),
    );

  changing(quarantine.command('replace <message> <file>'))
    .description('record in its place what a file says: an event or a batch, as JSON; the message itself is kept')
    .action(
      withSystem<ConsentOptions>((system, output, options, [text = '', file = '']) => {
        const body = readText(file);
        return settle(
          system,
          output,
          options,
          text,
          (decision) => ({ type: 'ReplaceMessage', data: { ...decision, body } }),
          'is replaced',
        );
      }),
    );
}

/** One of the ends of a case, by the ledger's word. */
async function settle(
  system: OperatedSystem,
  output: Output,
  options: ConsentOptions,
  text: string,
  wishOf: (decision: Consent['decision'] & { readonly messageId: string }) => CommandBody,
  done: string,
): Promise<void> {
  const { id: messageId, account } = caseNamed(await casesOf(system), text);
  const consent = await Consent.to(system, output, account === null ? nobodyYet : ofAccount(account), options);
  if (!consent) return;
  const wish = wishOf({ ...consent.decision, messageId });
  const outcome = accepted(await system.ask(consent, SYSTEM_ACCOUNT, wish));
  output.say({ messageId, ...outcome }, () => acceptedInWords(outcome, messageId, `${messageId} ${done}`));
}

async function casesOf(system: OperatedSystem): Promise<readonly QuarantineCase[]> {
  const { quarantined } = await stateAt(system.log, accountState, SYSTEM_ACCOUNT);
  return quarantineCases(system.pool, quarantined);
}

const factsOf = ({ id, receivedAt, account, origin, reason, detail, bytes, isWaiting }: QuarantineCase): string =>
  facts([
    ['message', id],
    ['came', shortTime(receivedAt)],
    ['account', account],
    ['from', origin],
    ['reason', reason],
    ['detail', detail],
    ['bytes', bytes],
    ['stands', isWaiting ? 'waiting' : 'settled'],
  ]);
