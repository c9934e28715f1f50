import fastify, { type FastifyInstance } from 'fastify';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ProquantAct } from './proquant-act.ts';
import { IntegrationBody, type ConnectedAccount } from './connected-account.ts';
import { deliver, type DeliveredEvent, type DeliverySettings } from './deliver.ts';
import { NotTheirTurn, StandIn } from './stand-in.ts';

/** Where Integrations are asked for, as at ProQuant. */
export const INTEGRATIONS_PATH = '/api/integrations/v1/integrations';
/** Where people act: not ProQuant's, for the terminal. */
export const ACTS_PATH = '/control/acts';
export const ACCOUNTS_PATH = '/control/accounts';

/** What the terminal shows of a connected account; never its headers, where the token is. */
export type ShownAccount = Pick<ConnectedAccount, 'number' | 'state'> & {
  readonly name: string;
  readonly userEmail: string;
  readonly url: string;
  readonly enabledFor: readonly string[];
};

/** What the stand-in says of what happens. */
export interface StandInNews {
  asked(account: ShownAccount): void;
  delivered(event: DeliveredEvent): void;
}

/** ProQuant over HTTP: requests come in, acts are carried out at once, and their events delivered before the answer. */
export function standInServer(settings: DeliverySettings, news: StandInNews): FastifyInstance {
  const standIn = new StandIn(() => randomBytes(16).toString('hex'), Date.now);
  const server = fastify({ forceCloseConnections: true });

  server.setErrorHandler((error, _request, reply) => {
    if (error instanceof z.ZodError) return reply.code(400).send({ message: z.prettifyError(error) });
    if (error instanceof NotTheirTurn) return reply.code(409).send({ message: error.message });
    return reply.send(error);
  });

  server.post(INTEGRATIONS_PATH, (request, reply) => {
    const key = request.headers['idempotency-key'];
    const account = standIn.request(IntegrationBody.parse(request.body), typeof key === 'string' ? key : undefined);
    news.asked(shownOf(account));
    return reply.code(201).send();
  });

  server.get(ACCOUNTS_PATH, () => standIn.accounts.map(shownOf));

  server.post(ACTS_PATH, async (request) => {
    const events = standIn.act(ProquantAct.parse(request.body));
    const delivered = await Promise.all(events.map((event) => deliver(event, settings)));
    delivered.forEach((each) => news.delivered(each));
    return delivered;
  });
  return server;
}

const shownOf = ({ number, state, asked, enabledFor }: ConnectedAccount): ShownAccount => ({
  ...{ number, state, name: asked.name, userEmail: asked.userEmail, url: asked.webhook.url },
  enabledFor: [...enabledFor],
});
