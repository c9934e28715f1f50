import { withCell } from '@core/contracts/cell';
import { hookUrlOf } from '@core/proquant/hook';
import { encodeIntegrationRequest } from '@core/proquant/integration-request';
import type { Integration } from '@core/registry/entities';
import type { IntegrationRequest, NewIntegrationRequest } from '@core/registry/integration-request';
import type { Registry } from '@core/registry/registry';
import { z } from 'zod';
import { accountMeant } from '../account-meant.ts';
import { AskedWrongly } from '../asked-wrongly.ts';
import { encryptedAddress } from '../encrypted-address.ts';
import { publicQuestion, questionInWords, questionsOf, type QuestionNow } from '../integration-question.ts';
import { onlyMatch } from '../lookup.ts';
import { ofAccount } from '../whom.ts';
import { NewIntegration, OfIntegration } from './integration-acts.ts';
import type { ActDone, OperatorHands, RegistryAct } from './registry-act.ts';
import { tickersOf } from './ticker-mappings.ts';

const TEXT_MAX = 256;

/** What ProQuant's user is asked by, and where ProQuant reaches proquant-webhook. */
const Terms = {
  email: z.string().optional(),
  description: z.string().optional(),
  image: z.string().optional(),
  publicUrl: z.string().optional(),
};
const Creation = NewIntegration.extend(Terms);
const Repetition = OfIntegration.extend(Terms);

type Asked = Omit<NewIntegrationRequest, 'integrationId'>;

/** What is not said is as it was the last time. Throws `AskedWrongly`. */
function askedFor(
  { email, description, image, publicUrl }: Partial<Record<keyof typeof Terms, string>>,
  before?: QuestionNow,
): Asked {
  const said = (value: string | undefined, option: string): string => {
    if (value === undefined) throw new AskedWrongly(`--${option} is missing`);
    return value;
  };
  const userEmail = said(email ?? before?.userEmail, 'email');
  if (!/^[^\s@]+@[^\s@]+$/.test(userEmail) || userEmail.length > TEXT_MAX)
    throw new AskedWrongly(`${userEmail} is no address of e-mail`);
  const shown = said(description ?? before?.description, 'description');
  if (shown.length > TEXT_MAX) throw new AskedWrongly(`a description has up to ${TEXT_MAX} characters`);
  return {
    userEmail,
    description: shown,
    imageUrl: encryptedAddress(said(image ?? before?.imageUrl, 'image')),
    publicUrl: encryptedAddress(said(publicUrl ?? before?.publicUrl, 'public-url')),
  };
}

interface Question {
  readonly integration: Integration;
  readonly hookId: string;
  readonly token: string;
  readonly request: IntegrationRequest;
}

/** It is kept before it is sent: what its user says of it may come before ProQuant’s answer. */
async function begun(registry: Registry, integration: Integration, token: string, asked: Asked): Promise<Question> {
  const request = await registry.integrationRequests.begin({ ...asked, integrationId: integration.id }, token);
  return { integration, hookId: withCell(registry.cells.cell, integration.id), token, request };
}

async function ask(hands: OperatorHands, { integration, hookId, token, request }: Question): Promise<ActDone> {
  const url = hookUrlOf(request.publicUrl, hookId);
  const body = encodeIntegrationRequest({ ...request, name: integration.name }, { url, token });
  const outcome = await hands.askProquant({ id: request.id, body, token });
  const act = { what: 'integration', action: `request-${outcome.state}`, target: integration.id } as const;
  await hands.change(act, async ({ integrationRequests, integrationTokens }) => {
    await integrationRequests.conclude(request.id, outcome);
    if (outcome.state === 'refused' || outcome.state === 'unreachable')
      await integrationTokens.withdraw(integration.id, request.tokenHash);
  });
  const concluded = { ...request, ...outcome };
  return {
    text: [`integration ${integration.id}`, `webhook ${url}`, questionInWords(concluded)].join('\n'),
    fields: { id: integration.id, webhook: url, request: publicQuestion(concluded) },
    secret: null,
    hasFailed: outcome.state !== 'requested',
  };
}

const create: RegistryAct<z.output<typeof Creation>> = {
  wish: Creation,
  async plan({ name, account: text, tickers: mappings, ...terms }, registry) {
    const [asked, tickers, account] = [askedFor(terms), tickersOf(mappings), await accountMeant(registry, text)];
    return {
      concerned: ofAccount(account),
      secret: null,
      async carryOut(hands) {
        const target = (made: Question): string => made.integration.id;
        const question = await hands.change({ what: 'integration', action: 'added', target }, async (changed) => {
          const { integration, token } = await changed.addIntegration(account, name, tickers);
          return begun(changed, integration, token, asked);
        });
        return ask(hands, question);
      },
    };
  },
};

const repeat: RegistryAct<z.output<typeof Repetition>> = {
  wish: Repetition,
  async plan({ integration: text, ...terms }, registry, log) {
    const integration = onlyMatch(await registry.integrations(), text, 'integration');
    const before = await questionsOf(registry, log, integration);
    const asked = askedFor(terms, before.at(-1));
    return {
      concerned: ofAccount(integration.accountId),
      secret: null,
      async carryOut(hands) {
        const act = { what: 'integration', action: 'token-rotated', target: integration.id } as const;
        const question = await hands.change(act, async (changed) => {
          const { integrationTokens } = changed;
          for (const { state, tokenHash } of before)
            if (state === 'expired') await integrationTokens.withdraw(integration.id, tokenHash);
          return begun(changed, integration, await integrationTokens.add(integration.id), asked);
        });
        return ask(hands, question);
      },
    };
  },
};

/** What users of ProQuant are asked to approve: the token goes to ProQuant alone. */
export const questionActs = { 'integrations create': create, 'integrations request': repeat } as const;
