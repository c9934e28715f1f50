import { defaultKnobs, turn, type KnobChanges } from '../core/knobs.ts';
import { Simulator, type SimulatorOptions } from '../simulator.ts';
import { MemoryClient } from './memory-client.ts';

/** A Tuesday morning in winter: every market that can be open is. */
export const TUESDAY_MS = Date.UTC(2024, 2, 5, 16, 0, 30);

export const PASSWORD = 'example';

/** Prices stand still unless a test lets them walk: what it reads is what it did. */
const QUIET: KnobChanges = { market: { ticksPerSecond: 0 } };

/** A started simulator with an account in dollars and one in euros, 10 000 each. */
export function aSimulator(knobs: KnobChanges = {}, options: Partial<SimulatorOptions> = {}): Simulator {
  const account = { password: PASSWORD, balance: 1_000_000, leverage: 100 };
  const simulator = new Simulator({
    seed: 'example',
    startMs: TUESDAY_MS,
    accounts: [
      { ...account, userId: '10001', currency: 'USD' },
      { ...account, userId: '10002', currency: 'EUR' },
    ],
    knobs: turn(turn(defaultKnobs(), QUIET), knobs),
    ...options,
  });
  simulator.pulse.start();
  return simulator;
}

/** A client that is logged in and subscribed to what trading needs. */
export function aTrader(simulator: Simulator, userId = '10001'): MemoryClient {
  const client = new MemoryClient(simulator, userId);
  client.login(PASSWORD);
  for (const command of ['getTrades', 'getTradeStatus', 'getBalance']) client.subscribe(command);
  return client;
}
