import { OperatorRole } from '@core/registry/operator-role';
import type { Registry } from '@core/registry/registry';
import { z } from 'zod';
import { AskedWrongly } from '../asked-wrongly.ts';
import { nobodyYet } from '../whom.ts';
import type { OperatorHands, RegistryAct, SecretWanted } from './registry-act.ts';

const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
const PASSWORD_MIN = 12;

const OfOperator = z.strictObject({ name: z.string() });
const OfRole = OfOperator.extend({ role: OperatorRole });
const NewOperator = OfRole.extend({
  name: z.string().regex(NAME_PATTERN, {
    error: ({ input }) => `${String(input)} is no name: letters, digits and . _ @ -`,
  }),
});

const passwordFor = (name: string): SecretWanted => ({
  ...{ prompt: `Password for ${name}`, minimum: PASSWORD_MIN, isNew: true },
});

const act = (hands: OperatorHands, target: string, action: string, work: (registry: Registry) => Promise<void>) =>
  hands.change({ what: 'operator', target, action }, work);

const isKnown = async (registry: Registry, name: string): Promise<boolean> =>
  (await registry.operators.all()).some((each) => each.name === name);

async function expectKnown(registry: Registry, name: string): Promise<void> {
  if (!(await isKnown(registry, name))) throw new AskedWrongly(`there is no operator ${name}`);
}

const add: RegistryAct<z.output<typeof NewOperator>> = {
  wish: NewOperator,
  async plan({ name, role }, registry) {
    if (await isKnown(registry, name)) throw new AskedWrongly(`operator ${name} exists already`);
    return {
      concerned: nobodyYet,
      secret: passwordFor(name),
      async carryOut(hands, password) {
        await act(hands, name, 'added', ({ operators }) => operators.add(name, password, role));
        return { text: `operator ${name} has the role ${role}`, fields: { name, role }, secret: null };
      },
    };
  },
};

const passwd: RegistryAct<z.output<typeof OfOperator>> = {
  wish: OfOperator,
  async plan({ name }, registry) {
    await expectKnown(registry, name);
    return {
      concerned: nobodyYet,
      secret: passwordFor(name),
      async carryOut(hands, password) {
        await act(hands, name, 'password-set', ({ operators }) => operators.setPassword(name, password));
        return { text: `operator ${name} has another password`, fields: { name }, secret: null };
      },
    };
  },
};

const role: RegistryAct<z.output<typeof OfRole>> = {
  wish: OfRole,
  async plan({ name, role: wanted }, registry) {
    await expectKnown(registry, name);
    return {
      concerned: nobodyYet,
      secret: null,
      async carryOut(hands) {
        await act(hands, name, `role-${wanted}`, ({ operators }) => operators.setRole(name, wanted));
        return { text: `operator ${name} has the role ${wanted}`, fields: { name, role: wanted }, secret: null };
      },
    };
  },
};

const switching = (verb: 'disable' | 'enable'): RegistryAct<z.output<typeof OfOperator>> => ({
  wish: OfOperator,
  async plan({ name }, registry) {
    await expectKnown(registry, name);
    const disabled = verb === 'disable';
    return {
      concerned: nobodyYet,
      secret: null,
      async carryOut(hands) {
        await act(hands, name, `${verb}d`, ({ operators }) => operators.setDisabled(name, disabled));
        return { text: `operator ${name} is ${verb}d`, fields: { name, disabled }, secret: null };
      },
    };
  },
});

/** People who log in to the console by name and password. */
export const operatorActs = {
  'operators add': add,
  'operators passwd': passwd,
  'operators role': role,
  'operators disable': switching('disable'),
  'operators enable': switching('enable'),
} as const;
