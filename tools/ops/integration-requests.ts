import type { Integration } from '@core/registry/entities';
import {
  isExpired,
  REQUEST_DAYS,
  type IntegrationRequest,
  type IntegrationRequestState,
  type NewIntegrationRequest,
} from '@core/registry/integration-request';
import { fingerprintOf } from '@core/registry/tokens';
import { isSpokenOf } from '@core/contracts/integration-consent';
import { stateAt } from '@core/projection-runner/state-at';
import { accountStrategies } from '@core/projections/strategies';
import { onlyMatch } from '@core/operations/lookup';
import { IntegrationName } from '@core/operations/registry-acts/integration-acts';
import { tickersOf } from '@core/operations/registry-acts/ticker-mappings';
import { hookUrlOf } from '@core/proquant/hook';
import { encodeIntegrationRequest } from '@core/proquant/integration-request';
import type { Registry } from '@core/registry/registry';
import { Option, type Command } from 'commander';
import { askProquant, type AskingLimits } from './ask-proquant.ts';
import { accountNamed } from './account-named.ts';
import { BadInput } from './bad-input.ts';
import { BadNews, withSystem } from './cli.ts';
import { changing, Consent, type ConsentOptions } from './consent.ts';
import { ofAccount } from '@core/operations/whom';
import { encryptedAddress } from './encrypted-address.ts';
import { facts, shortTime, type Output } from './output.ts';
import type { OperatedSystem } from './system.ts';

const PROQUANT_URL = 'https://www.proquant.com/api/integrations/v1/integrations';
const LIMITS: AskingLimits = { attemptsMax: 5, timeoutMs: 15_000, minMs: 500, maxMs: 8_000 };
const TEXT_MAX = 256;

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
      withSystem<Terms & WhatItTrades & ConsentOptions>(async (system, output, options, [name = '']) => {
        const asked = askedFor(options);
        const named = IntegrationName.safeParse(name);
        if (!named.success) throw new BadInput(named.error.issues[0]?.message ?? 'this is no name');
        const [tickers, account] = [tickersOf(options.ticker), await accountNamed(system, options.account)];
        const consent = await Consent.to(system, output, ofAccount(account), options);
        if (!consent) return;
        const act = { what: 'integration', action: 'added', target: (made: Question) => made.integration.id } as const;
        const question = await system.change(consent, act, async (registry) => {
          const { integration, token } = await registry.addIntegration(account, name, tickers);
          return begun(registry, integration, token, asked);
        });
        await ask(system, output, consent, question, options.proquant);
      }),
    );

  withTerms(changing(integrations.command('request <integration>')))
    .description(
      'ask ProQuant’s user once more, with a new token; those before it stay good: rotate --settle ends them',
    )
    .action(
      withSystem<Terms & ConsentOptions>(async (system, output, options, [text = '']) => {
        const integration = onlyMatch(await (await system.registry()).integrations(), text, 'integration');
        const before = await requestsOf(system, integration);
        const asked = askedFor(options, before.at(-1));
        const consent = await Consent.to(system, output, ofAccount(integration.accountId), options);
        if (!consent) return;
        const act = { what: 'integration', action: 'token-rotated', target: integration.id } as const;
        const question = await system.change(consent, act, async (registry) => {
          const { integrationTokens } = registry;
          for (const { state, tokenHash } of before)
            if (state === 'expired') await integrationTokens.withdraw(integration.id, tokenHash);
          return begun(registry, integration, await integrationTokens.add(integration.id), asked);
        });
        await ask(system, output, consent, question, options.proquant);
      }),
    );

  integrations
    .command('show <integration>')
    .description('what ProQuant was asked for it, and what it said')
    .action(
      withSystem(async (system, output, _options, [text = '']) => {
        const integration = onlyMatch(await (await system.registry()).integrations(), text, 'integration');
        const requests = await requestsOf(system, integration);
        const { id, name, accountId, tokenHashes } = integration;
        output.say({ id, name, accountId, goodTokens: tokenHashes.length, requests: requests.map(publicPartOf) }, () =>
          [
            facts([
              ...([
                ['integration', id],
                ['name', name],
                ['account', accountId],
              ] as const),
              ['good tokens', tokenHashes.length],
            ]),
            ...requests.map((each) => `${shortTime(each.askedAt.toISOString())}  ${sentence(each)}`),
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

type Asked = Omit<NewIntegrationRequest, 'integrationId'>;

/** What is not said is as it was the last time. Throws `BadInput`. */
function askedFor({ email, description, image, publicUrl, proquant }: Terms, before?: RequestNow): Asked {
  encryptedAddress(proquant);
  const said = <Value>(value: Value | undefined, option: string): Value => {
    if (value === undefined) throw new BadInput(`--${option} is missing`);
    return value;
  };
  const userEmail = said(email ?? before?.userEmail, 'email');
  if (!/^[^\s@]+@[^\s@]+$/.test(userEmail) || userEmail.length > TEXT_MAX)
    throw new BadInput(`${userEmail} is no address of e-mail`);
  const shown = said(description ?? before?.description, 'description');
  if (shown.length > TEXT_MAX) throw new BadInput(`a description has up to ${TEXT_MAX} characters`);
  return {
    userEmail,
    description: shown,
    imageUrl: encryptedAddress(said(image ?? before?.imageUrl, 'image')),
    publicUrl: encryptedAddress(said(publicUrl ?? before?.publicUrl, 'public-url')),
  };
}

interface Question {
  readonly integration: Integration;
  readonly token: string;
  readonly request: IntegrationRequest;
}

/** It is kept before it is sent: what its user says of it may come before ProQuant’s answer. */
async function begun(registry: Registry, integration: Integration, token: string, asked: Asked): Promise<Question> {
  const request = await registry.integrationRequests.begin({ ...asked, integrationId: integration.id }, token);
  return { integration, token, request };
}

async function ask(
  system: OperatedSystem,
  output: Output,
  consent: Consent,
  { integration, token, request }: Question,
  proquantUrl: string,
): Promise<void> {
  const url = hookUrlOf(request.publicUrl, integration.id);
  const body = encodeIntegrationRequest({ ...request, name: integration.name }, { url, token });
  const outcome = await askProquant({ url: proquantUrl, id: request.id, body, token }, LIMITS);
  const act = { what: 'integration', action: `request-${outcome.state}`, target: integration.id } as const;
  await system.change(consent, act, async ({ integrationRequests, integrationTokens }) => {
    await integrationRequests.conclude(request.id, outcome);
    if (outcome.state === 'refused' || outcome.state === 'unreachable')
      await integrationTokens.withdraw(integration.id, request.tokenHash);
  });
  const concluded = { ...request, ...outcome };
  output.say({ id: integration.id, webhook: url, request: publicPartOf(concluded) }, () =>
    [`integration ${integration.id}`, `webhook ${url}`, sentence(concluded)].join('\n'),
  );
  if (outcome.state !== 'requested') throw new BadNews();
}

/** A request as it stands now: what its user said of it is in the log, and what nobody ever answered has expired. */
type RequestNow = Omit<IntegrationRequest, 'state'> & { readonly state: IntegrationRequestState | 'expired' };

async function requestsOf(system: OperatedSystem, { id, accountId }: Integration): Promise<RequestNow[]> {
  const requests = await (await system.registry()).integrationRequests.all();
  const { consents } = await stateAt(system.log, accountStrategies, accountId);
  const now = { nowMs: Date.now() };
  return requests
    .filter(({ integrationId }) => integrationId === id)
    .map((each) => {
      const isAnswered = isSpokenOf(consents, id, fingerprintOf(each.tokenHash));
      return { ...each, state: isExpired(each, { ...now, isAnswered }) ? 'expired' : each.state };
    });
}

const publicPartOf = ({ tokenHash: _hash, ...rest }: RequestNow): Omit<RequestNow, 'tokenHash'> => rest;

/** What became of a request, and what to do about it. */
function sentence({ state, userEmail, attempts, detail }: RequestNow): string {
  const tried = attempts > 1 ? `, after ${attempts} attempts` : '';
  switch (state) {
    case 'asking':
      return `${userEmail} is being asked, or whoever asked ended before there was an answer`;
    case 'requested':
      return `${userEmail} is asked in ProQuant’s app${tried}`;
    case 'expired':
      return `${userEmail} was asked and said nothing for ${REQUEST_DAYS} days: the request has expired, ask again`;
    case 'refused':
      return `ProQuant refused to ask ${userEmail}: ${detail}`;
    case 'unreachable':
      return `ProQuant did not take the request for ${userEmail}${tried}: ${detail}; ask again later`;
    case 'unknown':
      return `nobody knows whether ${userEmail} is asked: ${detail}; to ask again is safe, they may see it twice`;
  }
}
