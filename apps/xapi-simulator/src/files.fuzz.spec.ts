import { UnreadableJson } from '@core/kernel/json-as';
import { fuzz } from '@core/testing/fuzz';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { BrokerControl } from './control/broker-control.ts';
import { aSimulator, aTrader, EXAMPLE_PASSWORD, TUESDAY_MS } from './in-memory/example.fixture.ts';
import { readScript } from './script/run-script-file.ts';
import type { BrokerState } from './core/state.ts';
import { StateFile } from './state-file.ts';

const ORDER = { type: 0, cmd: 0, symbol: 'EURUSD', volume: 0.1, price: 1, customComment: 'a1' };
const MINUTE_MS = 60_000;

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'simulator-files-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** A position, a pending order, a deal, cash and a journal. */
function afterSomeTrading(): BrokerState {
  const simulator = aSimulator();
  const client = aTrader(simulator);
  for (const order of [{ ...ORDER, sl: 1.05 }, ORDER, { ...ORDER, cmd: 2, price: 1.05 }])
    client.ask('tradeTransaction', { tradeTransInfo: order });
  const control = new BrokerControl(simulator);
  const [position] = simulator.broker.account('10001').positions.keys();
  control.closePosition({ position: position ?? 0 });
  control.cash({ userId: '10001', amount: '5', kind: 'balance' });
  return simulator.capture();
}

it('a state file is taken over and lived on, or refused by its name', () => {
  const path = join(folder, 'state.json');
  const file = new StateFile(path);
  const whole = afterSomeTrading();
  const good = JSON.stringify(whole);
  // What anybody holds, without all that stands around it: there most of what is hostile strikes something that matters.
  const [holder] = whole.accounts;
  const held = JSON.stringify({ ...whole, accounts: [{ ...holder, requests: [] }], prices: {}, journal: [] });
  const read = (text: string | Uint8Array) => {
    writeFileSync(path, text);
    return file.read();
  };
  const liveOn = (state: ReturnType<typeof read>) => {
    const simulator = aSimulator({}, { state: state ?? undefined, startMs: TUESDAY_MS });
    simulator.advanceTo(TUESDAY_MS + MINUTE_MS);
    const client = aTrader(simulator);
    for (const command of ['getMarginLevel', 'getTradesHistory']) client.ask(command, { start: 0, end: 0 });
    client.ask('getTrades', { openedOnly: false });
    return read(JSON.stringify(simulator.capture()));
  };
  return fuzz({
    name: 'simulator state',
    share: 0.5,
    examples: [good, held, held, held],
    take: (input) => {
      try {
        liveOn(read(input));
      } catch (error) {
        if (!(error instanceof UnreadableJson) || !error.message.startsWith(path)) throw error;
      }
    },
    others: () => expect(liveOn(read(good))?.accounts).toHaveLength(2),
  });
});

it('a script file is a script, or refused in words', () => {
  const path = join(folder, 'script.yaml');
  const script = {
    title: 'one order',
    accounts: [{ userId: '1', password: EXAMPLE_PASSWORD }],
    steps: [
      { login: { client: 'a', userId: '1', password: EXAMPLE_PASSWORD } },
      { ask: { client: 'a', command: 'tradeTransaction', arguments: { tradeTransInfo: ORDER }, expect: {} } },
      { act: { setPrice: { symbol: 'EURUSD', bid: '1.04' } } },
      { wait: '1s' },
    ],
  };
  const read = (text: string | Uint8Array) => {
    writeFileSync(path, text);
    return readScript(path);
  };
  const anchors = `title: &a x\nsteps:\n  - &b [*a, *a, *a]\n  - &c [*b, *b, *b]\n  - [*c, *c, *c]\n`;
  return fuzz({
    name: 'simulator script',
    share: 0.25,
    examples: [JSON.stringify(script), stringify(script), anchors],
    take: (input) => {
      const script = read(input);
      expect(typeof script === 'string' ? script.length : script.steps.length).toBeGreaterThan(0);
    },
    others: () => expect(read(stringify(script))).toMatchObject({ title: 'one order' }),
  });
});
