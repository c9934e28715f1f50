import * as wire from '@core/ws-session/root-models';
import type { tradeRequests } from '@core/ws-session/trade-request';
import type { z } from 'zod';
import type * as client from '@trading-core/ws-client';

type Same<One, Other> = [One, Other] extends [Other, One] ? true : never;

/** The compiler holds the package's own shapes to those that the server encodes by. */
const same: readonly [
  Same<client.Account, z.input<typeof wire.Account>>,
  Same<client.BidAsk, z.input<typeof wire.BidAsk>>,
  Same<client.Operation, z.input<typeof wire.Operation>>,
  Same<client.PendingPosition, z.input<typeof wire.PendingPosition>>,
  Same<client.Position, z.input<typeof wire.Position>>,
] = [true, true, true, true, true];

type Wire<Name extends keyof typeof tradeRequests> = z.input<(typeof tradeRequests)[Name]>;

/** The server reads whatever the client sends, and the client can say whatever the server does, but amounts of money. */
type Sent<Request> = Request & { process_id: string };
type Read<Name extends keyof typeof tradeRequests> = Omit<Wire<Name>, 'sl_in_currency' | 'tp_in_currency'>;
const sameRequests: readonly [
  Same<Sent<client.PlaceOrder>, Read<'place_order'>>,
  Same<Sent<client.UpdateOrder>, Read<'update_order'>>,
  Same<Sent<client.CancelOrder>, Read<'cancel_order'>>,
  Same<Sent<client.ClosePosition>, Read<'close_position'>>,
  Same<Sent<client.UpdatePosition>, Read<'update_position'>>,
] = [true, true, true, true, true];

it('the models of the package are those of the server', () => expect([...same, ...sameRequests]).not.toContain(false));
