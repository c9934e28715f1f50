import type { JsonObject } from '@core/xapi/wire/json-splitter';
import { BrokerControl } from '../control/broker-control.ts';
import type { BehaviourChanges } from '../core/behaviour-settings.ts';
import { aSimulator, aTrader, TUESDAY_MS } from '../in-memory/example.fixture.ts';
import type { MemoryClient } from '../in-memory/memory-client.ts';
import type { Simulator } from '../simulator.ts';

/** A trader on a still market, and who controls the broker. */
export function trading(behaviour: BehaviourChanges = {}, startMs = TUESDAY_MS) {
  const simulator = aSimulator(behaviour, { startMs });
  const client = aTrader(simulator);
  const control = new BrokerControl(simulator);
  const account = simulator.broker.account('10001');
  const trade = (info: JsonObject): number => {
    const defaults = { type: 0, cmd: 0, symbol: 'EURUSD', volume: 0.1, price: 1, customComment: 'a1' };
    const reply = client.ask('tradeTransaction', { tradeTransInfo: { ...defaults, ...info } });
    return (reply.returnData as { order: number } | undefined)?.order ?? 0;
  };
  const position = (): number => [...account.positions.keys()].at(-1) ?? 0;
  return { simulator, client, control, account, trade, position };
}

/** The trade frames since the last look. */
export function reader(client: MemoryClient) {
  let seen = client.frames('trade').length;
  return {
    skip: () => void (seen = client.frames('trade').length),
    next: (): readonly JsonObject[] => {
      const frames = client.frames('trade').slice(seen);
      seen += frames.length;
      return frames;
    },
  };
}

/** `t0 Modified` and the like. */
export const kinds = (frames: readonly JsonObject[]): string[] => frames.map(({ type, state }) => `t${type} ${state}`);
/** Sets a bid, which triggers what it reaches. */
export const hit = (simulator: Simulator, symbol: string, bid: string): void =>
  new BrokerControl(simulator).setPrice({ symbol, bid: bid as never });
