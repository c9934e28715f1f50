import type { Uuid } from '@core/contracts/primitives';
import { backoffMs, type BackoffLimits } from '@core/kernel/backoff';
import { meaningOfFailure, meaningOfStatus, type RequestMeaning } from '@core/proquant/integration-request';
import type { IntegrationRequestOutcome } from '@core/registry/integration-request';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

/** How long it is tried: so many attempts, each so long, with pauses between them that double and vary. */
export interface AskingLimits extends BackoffLimits {
  readonly attemptsMax: number;
  readonly timeoutMs: number;
}

/** What is sent, where to, and the secret in it that no answer may bring back to a screen. */
export interface ProquantRequest {
  readonly url: string;
  /** The same in every attempt, for a server that knows `Idempotency-Key`. */
  readonly id: Uuid;
  readonly body: string;
  readonly token: string;
}

/** Who is asked unless somebody says otherwise. */
export const PROQUANT_URL = 'https://www.proquant.com/api/integrations/v1/integrations';

/** How long operators wait for it. */
export const ASKING_LIMITS: AskingLimits = { attemptsMax: 5, timeoutMs: 15_000, minMs: 500, maxMs: 8_000 };

interface Attempt {
  readonly meaning: RequestMeaning;
  readonly detail: string | null;
  /** How long the server wants to be left alone; null where it did not say. */
  readonly retryAfterMs: number | null;
}

const DETAIL_MAX = 500;

const STATES = { taken: 'requested', refused: 'refused', passing: 'unreachable', unknown: 'unknown' } as const;

/**
 * Asks ProQuant for an Integration. Tried again only while it is certain that nothing was taken, for each request that
 * arrives is one more question to its user. Never follows a redirect: the token goes where the operator said.
 */
export async function askProquant(asking: ProquantRequest, limits: AskingLimits): Promise<IntegrationRequestOutcome> {
  for (let attempts = 1; ; attempts += 1) {
    const { meaning, detail, retryAfterMs } = await attempt(asking, limits.timeoutMs);
    const isLast = attempts >= limits.attemptsMax || (retryAfterMs ?? 0) > limits.maxMs;
    if (meaning !== 'passing' || isLast) return { state: STATES[meaning], attempts, detail };
    await pause(Math.max(retryAfterMs ?? 0, backoffMs(limits, attempts) * (0.5 + Math.random() / 2)));
  }
}

async function attempt({ url, id, body, token }: ProquantRequest, timeoutMs: number): Promise<Attempt> {
  const shown = (text: string): string => text.replaceAll(token, '[hidden]').slice(0, DETAIL_MAX).trim();
  try {
    const response = await fetch(url, {
      ...{ method: 'POST', body, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) },
      headers: { 'content-type': 'application/json', accept: 'application/json', 'idempotency-key': id },
    });
    const { status, headers } = response;
    const meaning = meaningOfStatus(status);
    // What it says beyond its status is for people: where the rest of it is lost, the status counts.
    const text = meaning === 'taken' ? '' : shown(await response.text().catch(() => ''));
    const seconds = Number.parseInt(headers.get('retry-after') ?? '', 10);
    return {
      meaning,
      detail: meaning === 'taken' ? null : `${status} ${text}`.trim(),
      retryAfterMs: Number.isNaN(seconds) ? null : seconds * 1_000,
    };
  } catch (error) {
    const code = codeOf(error);
    return { meaning: meaningOfFailure(code), detail: code || shown(String(error)), retryAfterMs: null };
  }
}

/** What it says of itself is for people, but where a socket has a code: `fetch` wraps that. */
const Failure = z.object({ name: z.string().optional(), cause: z.object({ code: z.string() }).optional() });

function codeOf(error: unknown): string {
  const { data } = Failure.safeParse(error);
  return data?.name === 'TimeoutError' ? 'no answer in time' : (data?.cause?.code ?? '');
}
