import { defaultBehaviour, withChanges, type BehaviourChanges } from '../core/behaviour-settings.ts';
import { Simulator, type SimulatorOptions } from '../simulator.ts';
import { MemoryClient } from './memory-client.ts';

/** A Tuesday morning in winter: every market that can be open is. */
export const TUESDAY_MS = Date.UTC(2024, 2, 5, 16, 0, 30);

export const EXAMPLE_PASSWORD = 'example';

/** Prices stand still unless a test lets them walk: what it reads is what it did. */
const QUIET: BehaviourChanges = { market: { ticksPerSecond: 0 } };

/** A started simulator with an account in dollars and one in euros, 10 000 each. */
export function aSimulator(behaviour: BehaviourChanges = {}, options: Partial<SimulatorOptions> = {}): Simulator {
  const account = { password: EXAMPLE_PASSWORD, balance: 1_000_000, leverage: 100 };
  const simulator = new Simulator({
    seed: 'example',
    startMs: TUESDAY_MS,
    accounts: [
      { ...account, userId: '10001', currency: 'USD' },
      { ...account, userId: '10002', currency: 'EUR' },
    ],
    behaviour: withChanges(withChanges(defaultBehaviour(), QUIET), behaviour),
    ...options,
  });
  simulator.pulse.start();
  return simulator;
}

/** A client that is logged in and subscribed to what trading needs. */
export function aTrader(simulator: Simulator, userId = '10001'): MemoryClient {
  const client = new MemoryClient(simulator, userId);
  client.enter(EXAMPLE_PASSWORD);
  return client;
}
