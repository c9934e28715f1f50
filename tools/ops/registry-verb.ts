import { expectSecret, type OperatorHands, type SecretWanted } from '@core/operations/registry-acts/registry-act';
import { plannedByName, type RegistryActName } from '@core/operations/registry-acts/registry-acts';
import { withSystem } from './cli.ts';
import { Consent, type ConsentOptions } from './consent.ts';
import { newSecretInput, secretInput } from './secret-input.ts';
import type { OperatedSystem } from './system.ts';

/** What a verb does that changes who may do what: the act of that name, of what `wishOf` makes of the command line. */
export const registryVerb = <Options extends object>(
  name: RegistryActName | ((options: Options) => RegistryActName),
  wishOf: (options: Options, args: readonly string[]) => object,
) =>
  withSystem<Options & ConsentOptions>(async (system, output, options, args) => {
    const act = typeof name === 'string' ? name : name(options);
    const plan = await plannedByName(act, wishOf(options, args), await system.registry());
    const consent = await Consent.to(system, output, plan.concerned, options);
    if (!consent) return;
    const { fields, text, secret } = await plan.carryOut(handsOf(system, consent), await typed(plan.secret));
    output.say(fields, () =>
      [text, ...(secret === null ? [] : [`${secret.name} ${secret.value}  (shown this once)`])].join('\n'),
    );
  });

const handsOf = (system: OperatedSystem, consent: Consent): OperatorHands => ({
  decision: consent.decision,
  change: (act, work) => system.change(consent, act, work),
  tell: (subject, body) => system.tell(subject, body),
  ask: (account, wish) => system.ask(consent, account, wish),
});

async function typed(wanted: SecretWanted | null): Promise<string> {
  if (wanted === null) return '';
  const input = wanted.isNew ? newSecretInput : secretInput;
  return expectSecret(wanted, await input(`${wanted.prompt}: `));
}
