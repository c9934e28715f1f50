import { askProquant, ASKING_LIMITS, PROQUANT_URL } from '@core/operations/ask-proquant';
import { expectSecret, type OperatorHands, type SecretWanted } from '@core/operations/registry-acts/registry-act';
import { plannedByName, type RegistryActName } from '@core/operations/registry-acts/registry-acts';
import { BadNews, withSystem } from './cli.ts';
import { Consent, type ConsentOptions } from './consent.ts';
import { newSecretInput, secretInput } from './secret-input.ts';
import type { OperatedSystem } from './system.ts';

/** What a verb does that changes who may do what: the act of that name, of what `wishOf` makes of the command line. */
export const registryVerb = <Options extends object>(
  name: RegistryActName | ((options: Options) => RegistryActName),
  wishOf: (options: Options, args: readonly string[]) => object,
) =>
  withSystem<Options & ConsentOptions & OfProquant>(async (system, output, options, args) => {
    const act = typeof name === 'string' ? name : name(options);
    const plan = await plannedByName(act, wishOf(options, args), await system.registry(), system.log);
    const consent = await Consent.to(system, output, plan.concerned, options);
    if (!consent) return;
    const hands = handsOf(system, consent, options);
    const { fields, text, secret, hasFailed } = await plan.carryOut(hands, await typed(plan.secret));
    output.say(fields, () =>
      [text, ...(secret === null ? [] : [`${secret.name} ${secret.value}  (shown this once)`])].join('\n'),
    );
    if (hasFailed === true) throw new BadNews();
  });

interface OfProquant {
  /** Who is asked, of verbs that ask. */
  readonly proquant?: string;
}

const handsOf = (system: OperatedSystem, consent: Consent, { proquant = PROQUANT_URL }: OfProquant): OperatorHands => ({
  decision: consent.decision,
  change: (act, work) => system.change(consent, act, work),
  tell: (subject, body) => system.tell(subject, body),
  ask: (account, wish) => system.ask(consent, account, wish),
  askProquant: (request) => askProquant({ ...request, url: proquant }, ASKING_LIMITS),
});

async function typed(wanted: SecretWanted | null): Promise<string> {
  if (wanted === null) return '';
  const input = wanted.isNew ? newSecretInput : secretInput;
  return expectSecret(wanted, await input(`${wanted.prompt}: `));
}
