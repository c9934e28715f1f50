import { effect, signal } from '@preact/signals';
import type { SessionAnswer } from '@core/operations/session-answer';
import { operator, read } from './api.ts';
import { unawaited } from './unawaited.ts';

/** Registered accounts, as they were when somebody last asked. */
export const knownAccounts = signal<readonly SessionAnswer[]>([]);

effect(() => {
  if (operator.value)
    unawaited(read<readonly SessionAnswer[]>('/api/accounts').then((all) => (knownAccounts.value = all)));
});

const SYSTEM = '00000000-0000-0000-0000-000000000000';

/** What people call an account. */
export const accountName = (id: string): string =>
  id === SYSTEM ? 'everyone' : (knownAccounts.value.find(({ account }) => account === id)?.name ?? id.slice(0, 8));

/** For choosing one: what concerns everyone is under an account of its own. */
export const accountChoices = (): readonly (readonly [id: string, name: string])[] => [
  ...knownAccounts.value.map(({ account, name }) => [account, name] as const),
  [SYSTEM, 'everyone'],
];
