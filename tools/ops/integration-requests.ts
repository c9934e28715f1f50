import { PROQUANT_URL } from '@core/operations/ask-proquant';
import { encryptedAddress } from '@core/operations/encrypted-address';
import { publicQuestion, questionInWords, questionsOf } from '@core/operations/integration-question';
import { onlyMatch } from '@core/operations/lookup';
import { Option, type Command } from 'commander';
import { withSystem } from './cli.ts';
import { changing } from './consent.ts';
import { facts, shortTime } from './output.ts';
import { registryVerb } from './registry-verb.ts';

/** What an integration trades, as operators say it. */
export interface WhatItTrades {
  readonly account: string;
  readonly ticker: readonly string[];
}

export const ACCOUNT_OPTION = ['--account <id>', 'the account to trade'] as const;
export const TICKER_OPTION = [
  '--ticker <mapping...>',
  'what a strategy’s ticker is at the broker: XAUUSD=GOLD, or XAUUSD=GOLD:0.01 for units per quantity',
] as const;

interface Terms {
  readonly email?: string;
  readonly description?: string;
  readonly image?: string;
  readonly publicUrl?: string;
  readonly proquant: string;
}

/** `ops integrations create|request|show`: what ProQuant’s users are asked to approve. */
export function addIntegrationRequests(integrations: Command): void {
  withTerms(changing(integrations.command('create <name>')))
    .description('register an integration and ask ProQuant’s user to approve it; its token goes to ProQuant alone')
    .requiredOption(...ACCOUNT_OPTION)
    .requiredOption(...TICKER_OPTION)
    .action(
      registryVerb<Terms & WhatItTrades>('integrations create', ({ account, ticker: tickers, ...terms }, [name]) => ({
        ...{ name, account, tickers },
        ...termsOf(terms),
      })),
    );

  withTerms(changing(integrations.command('request <integration>')))
    .description(
      'ask ProQuant’s user once more, with a new token; those before it stay good: rotate --settle ends them',
    )
    .action(
      registryVerb<Terms>('integrations request', (terms, [integration]) => ({ integration, ...termsOf(terms) })),
    );

  integrations
    .command('show <integration>')
    .description('what ProQuant was asked for it, and what it said')
    .action(
      withSystem(async (system, output, _options, [text = '']) => {
        const registry = await system.registry();
        const integration = onlyMatch(await registry.integrations(), text, 'integration');
        const questions = await questionsOf(registry, system.log, integration);
        const { id, name, accountId, tokenHashes } = integration;
        const requests = questions.map(publicQuestion);
        output.say({ id, name, accountId, goodTokens: tokenHashes.length, requests }, () =>
          [
            facts([
              ...([
                ['integration', id],
                ['name', name],
                ['account', accountId],
              ] as const),
              ['good tokens', tokenHashes.length],
            ]),
            ...questions.map((each) => `${shortTime(each.askedAt.toISOString())}  ${questionInWords(each)}`),
          ].join('\n'),
        );
      }),
    );
}

const withTerms = (command: Command): Command =>
  command
    .option('--email <address>', 'what the user is known by at ProQuant')
    .addOption(new Option('--description <text>', 'what we are called').env('PROQUANT_DESCRIPTION'))
    .addOption(new Option('--image <url>', 'our logo').env('PROQUANT_IMAGE_URL'))
    .addOption(
      new Option('--public-url <url>', 'where proquant-webhook is reached from outside').env('PROQUANT_HOOK_URL'),
    )
    .addOption(new Option('--proquant <url>', 'who is asked').env('PROQUANT_URL').default(PROQUANT_URL));

/** Throws `AskedWrongly` where who is asked would read it on a way that is not encrypted. */
function termsOf({ email, description, image, publicUrl, proquant }: Terms): object {
  encryptedAddress(proquant);
  return { email, description, image, publicUrl };
}
