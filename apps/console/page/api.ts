import type { OperatorRole } from '@core/registry/operator-role';
import { signal } from '@preact/signals';
import type { GreetingAnswer } from '../src/session.controller.ts';
import type { Accepted } from '@core/operations/accepted-at';

/** Who is logged in; null for nobody, undefined while that is not known yet. */
export const operator = signal<GreetingAnswer | null | undefined>(undefined);

/** A question that was not answered, in the server's words. */
class NotAnswered extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** Why there is no answer, in words. */
export const reasonOf = (failure: unknown): string =>
  failure instanceof NotAnswered ? failure.message : String(failure);

const AGAIN_MS = 3_000;

/** In how many milliseconds to ask the same again: whoever was away may be back, what was asked wrongly stays wrong. */
export const againAfter = (failure: unknown): number | undefined =>
  failure instanceof NotAnswered && failure.status > 0 && failure.status < 500 ? undefined : AGAIN_MS;

/** Reads something of the system. Throws `NotAnswered`. */
export const read = <Answer>(path: string, signal?: AbortSignal): Promise<Answer> => ask<Answer>('GET', path, signal);

async function ask<Answer>(method: string, path: string, signal?: AbortSignal, body?: object): Promise<Answer> {
  const request: RequestInit = { method, ...(signal ? { signal } : {}) };
  if (body) Object.assign(request, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  const response = await fetch(path, request).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new NotAnswered('the console does not answer: is it running?', 0);
  });
  if (response.status === 401) operator.value = null;
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as Answer;
  const { error } = (await response.json().catch(() => ({}))) as { error?: string };
  throw new NotAnswered(error ?? `the console answered ${response.status}`, response.status);
}

/** Finds out who is logged in. */
export async function findOperator(): Promise<void> {
  operator.value = (await read<GreetingAnswer | undefined>('/api/session')) ?? null;
}

/** Comes in by name and password. Throws `NotAnswered`. */
export async function logIn(name: string, password: string): Promise<void> {
  operator.value = await submit<GreetingAnswer>('/api/session', { name, password });
}

export async function leave(): Promise<void> {
  await remove('/api/session');
  operator.value = null;
}

/** Hands something in. Throws `NotAnswered`. */
export const submit = <Answer>(path: string, body: object): Promise<Answer> =>
  ask<Answer>('POST', path, undefined, body);

/** Takes something back. Throws `NotAnswered`. */
export const remove = (path: string): Promise<void> => ask('DELETE', path);

/** Commands something; the log will say who did and why. Throws `NotAnswered`. */
export const command = (path: string, body: object): Promise<Accepted> => submit<Accepted>(path, body);

const ROLES: readonly OperatorRole[] = ['read', 'operate', 'admin'];

/** Whether whoever is logged in has at least this role; the server asks too. */
export const may = (role: OperatorRole): boolean =>
  ROLES.indexOf(operator.value?.role ?? 'read') >= ROLES.indexOf(role);

/** Whether whoever is logged in may command. */
export const mayOperate = (): boolean => may('operate');
