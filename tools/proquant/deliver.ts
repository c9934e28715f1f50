import { setTimeout as pause } from 'node:timers/promises';
import { notificationOf, type EventAnswer } from './notification.ts';
import { encodeDelivery, type OutgoingEvent } from './stand-in.ts';

/** How an event is sent. The guide tells neither how long ProQuant waits nor whether it repeats. */
export interface DeliverySettings {
  readonly timeoutMs: number;
  /** How often an event is sent again that nobody took: no answer, or 429, or 500 and above. */
  readonly retries: number;
  readonly retryPauseMs: number;
}

/** What came of it. */
export interface DeliveredEvent {
  readonly account: number;
  readonly type: string;
  readonly attempts: number;
  /** Null where there was no answer. */
  readonly status: number | null;
  readonly body: string;
  readonly notification: string | null;
}

/** Sends one event with the headers that its account asked for. */
export async function deliver(event: OutgoingEvent, settings: DeliverySettings): Promise<DeliveredEvent> {
  const body = encodeDelivery(event);
  for (let attempts = 1; ; attempts += 1) {
    const answer = await post(event, body, settings.timeoutMs);
    const isTaken = answer !== null && answer.status !== 429 && answer.status < 500;
    if (isTaken || attempts > settings.retries) {
      const said = { status: answer?.status ?? null, body: answer?.body ?? '', notification: notificationOf(answer) };
      return { account: event.account.number, type: event.type, attempts, ...said };
    }
    await pause(settings.retryPauseMs);
  }
}

async function post({ account }: OutgoingEvent, body: string, timeoutMs: number): Promise<EventAnswer | null> {
  const { url, headers } = account.asked.webhook;
  try {
    const answer = await fetch(url, {
      ...{ method: 'POST', body, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) },
      headers: { ...headers, 'content-type': 'application/json' },
    });
    return {
      status: answer.status,
      contentType: answer.headers.get('content-type'),
      errorHeader: answer.headers.get('x-proquant-error'),
      body: await answer.text(),
    };
  } catch {
    return null;
  }
}
