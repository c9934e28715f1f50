import { withCell } from '@core/contracts/cell';
import { IntegrationPolicy } from '@core/contracts/integration-policy';
import { HOOKS_PATH, TOKEN_HEADER } from '@core/proquant/hook';
import type { Integration } from '@core/registry/entities';
import type { Registry } from '@core/registry/registry';
import { z } from 'zod';
import { accepted, acceptedInWords } from '../accepted-at.ts';
import { accountMeant } from '../account-meant.ts';
import { AskedWrongly } from '../asked-wrongly.ts';
import { onlyMatch } from '../lookup.ts';
import { ofAccount } from '../whom.ts';
import { publicIntegration } from './registered.ts';
import type { ActDone, OperatorHands, RegistryAct } from './registry-act.ts';
import { tickersOf } from './ticker-mappings.ts';

const NAME_MAX = 128;

/** Every policy with its values, the first of which holds until someone decides. */
export const POLICIES = IntegrationPolicy.options
  .map(({ shape }) => `${shape.policy.value} ${shape.value.options.join('|')}`)
  .join(', ');

/** The name of an integration. */
const IntegrationName = z
  .string()
  .max(NAME_MAX, `an integration has a name of up to ${NAME_MAX} characters`)
  .refine((name) => name.trim() !== '', `an integration has a name of up to ${NAME_MAX} characters`);

const Mappings = z
  .array(z.string())
  .min(1, 'say what its tickers mean, as XAUUSD=GOLD')
  .superRefine((mappings, context) => {
    try {
      tickersOf(mappings);
    } catch (error) {
      if (!(error instanceof AskedWrongly)) throw error;
      context.addIssue(error.message);
    }
  });
export const OfIntegration = z.strictObject({ integration: z.string() });
export const NewIntegration = z.strictObject({ name: IntegrationName, account: z.string(), tickers: Mappings });
const Mapped = OfIntegration.extend({ tickers: Mappings });
const Policy = OfIntegration.extend({ policy: z.string(), value: z.string() }).superRefine((asked, context) => {
  const { policy, value } = asked;
  if (!IntegrationPolicy.safeParse({ policy, value }).success)
    context.addIssue(`${policy} ${value} is none of ${POLICIES}`);
});

/** The header that ProQuant is to send. */
const header = (token: string): NonNullable<ActDone['secret']> => ({ name: `header ${TOKEN_HEADER}:`, value: token });

/** Something that is done to an integration that there is. */
const ofKnown = <Wish extends { readonly integration: string }>(
  wish: z.ZodType<Wish>,
  carryOut: (known: Integration, hands: OperatorHands, wish: Wish) => Promise<ActDone>,
): RegistryAct<Wish> => ({
  wish,
  async plan(asked, registry: Registry) {
    const known = onlyMatch(await registry.integrations(), asked.integration, 'integration');
    return {
      concerned: ofAccount(known.accountId),
      secret: null,
      carryOut: (hands) => carryOut(known, hands, asked),
    };
  },
});

const add: RegistryAct<z.output<typeof NewIntegration>> = {
  wish: NewIntegration,
  async plan({ name, account: text, tickers: mappings }, registry) {
    const tickers = tickersOf(mappings);
    const account = await accountMeant(registry, text);
    return {
      concerned: ofAccount(account),
      secret: null,
      async carryOut(hands) {
        const target = (made: { integration: Integration }): string => made.integration.id;
        const act = { what: 'integration', action: 'added', target } as const;
        const { integration, token } = await hands.change(act, (changed) =>
          changed.addIntegration(account, name, tickers),
        );
        const path = `${HOOKS_PATH}/${withCell(registry.cells.cell, integration.id)}`;
        return {
          text: `integration ${integration.id}\nwebhook ${path} of proquant-webhook`,
          fields: { ...publicIntegration(integration), path, header: TOKEN_HEADER, token },
          secret: header(token),
        };
      },
    };
  },
};

const rotate = ofKnown(OfIntegration, async ({ id }, hands) => {
  const act = { what: 'integration', action: 'token-rotated', target: id } as const;
  const token = await hands.change(act, ({ integrationTokens }) => integrationTokens.add(id));
  const text = `integration ${id} has another token; those before it stay good until it is settled that all use the new one`;
  return { text, fields: { id, header: TOKEN_HEADER, token }, secret: header(token) };
});

const settle = ofKnown(OfIntegration, async ({ id }, hands) => {
  const act = { what: 'integration', action: 'token-settled', target: id } as const;
  await hands.change(act, ({ integrationTokens }) => integrationTokens.settle(id));
  const text = `integration ${id}: the newest token alone is good`;
  return { text, fields: { id, settled: true }, secret: null };
});

const revoke = ofKnown(OfIntegration, async ({ id }, hands) => {
  const act = { what: 'integration', action: 'revoked', target: id } as const;
  await hands.change(act, (changed) => changed.revokeIntegration(id));
  return { text: `integration ${id} is revoked`, fields: { id, revoked: true }, secret: null };
});

const map = ofKnown(Mapped, async ({ id }, hands, { tickers: mappings }) => {
  const tickers = tickersOf(mappings);
  const act = { what: 'integration', action: 'tickers-mapped', target: id } as const;
  await hands.change(act, (changed) => changed.mapTickers(id, tickers));
  return { text: `integration ${id}: ${mappings.join(' ')}`, fields: { id, tickers }, secret: null };
});

const policy = ofKnown(Policy, async ({ id, accountId }, hands, { policy: name, value }) => {
  const set = IntegrationPolicy.parse({ policy: name, value });
  const data = { ...hands.decision, integrationId: id, set };
  const outcome = accepted(await hands.ask(accountId, { type: 'SetIntegrationPolicy', data }));
  const text = acceptedInWords(outcome, `integration ${id}`, `integration ${id}: ${name} ${value}`);
  return { text, fields: { id, ...set, ...outcome }, secret: null };
});

/** Where ProQuant's webhooks trade. */
export const integrationActs = {
  'integrations add': add,
  'integrations rotate': rotate,
  'integrations settle': settle,
  'integrations revoke': revoke,
  'integrations map': map,
  'integrations policy': policy,
} as const;
