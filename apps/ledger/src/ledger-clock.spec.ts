import { instantFromMs } from '@core/kernel/instant';
import { Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import { LedgerClock } from './ledger-clock.ts';

const RIGHT = Date.parse('2026-01-05T10:00:00Z');
const MINUTES_10 = 600_000;

/** Clocks that say what the spec says, with whatever was logged about them. */
function clocked() {
  const says = { machine: RIGHT, postgres: RIGHT };
  const told: unknown[] = [];
  jest.spyOn(Logger.prototype, 'error').mockImplementation((line: unknown) => void told.push(line));
  jest.spyOn(Logger.prototype, 'log').mockImplementation((line: unknown) => void told.push(line));
  const registry = new Registry();
  const start = () =>
    LedgerClock.start({ nowMs: async () => says.postgres }, registry, {
      machineMs: () => says.machine,
      steadyMs: () => 0,
    });
  return { says, told, registry, start };
}

afterEach(() => jest.restoreAllMocks());

describe("the ledger's clock", () => {
  it("is the database's where this machine's was wrong from the beginning", async () => {
    const { says, start } = clocked();
    says.machine += MINUTES_10;
    const clock = await start();
    expect(clock.now()).toBe(instantFromMs(RIGHT));
    expect(clock.whyInDoubt()).toBe('clocks differ: machine 600 s ahead');
    clock.stop();
  });

  it("stays where it is when this machine's jumps ahead and back, and says both", async () => {
    const { says, told, registry, start } = clocked();
    const clock = await start();
    says.machine += MINUTES_10;
    expect(clock.now()).toBe(instantFromMs(RIGHT));
    expect(await registry.metrics()).toContain('ledger_clock_ahead_seconds{clock="machine"} 600');
    says.machine -= MINUTES_10;
    expect(clock.now()).toBe(instantFromMs(RIGHT));
    expect(clock.whyInDoubt()).toBeNull();
    expect(told).toMatchObject([{ clock: 'machine' }, { clock: 'machine' }]);
    clock.stop();
  });

  it('follows most of them, and says that it does', async () => {
    const { says, told, start } = clocked();
    const clock = await start();
    says.machine += MINUTES_10;
    says.postgres += MINUTES_10;
    await clock.look();
    expect(clock.now()).toBe(instantFromMs(RIGHT + MINUTES_10));
    expect(told).toContainEqual(expect.objectContaining({ msg: expect.stringContaining('is followed') }));
    clock.stop();
  });
});
