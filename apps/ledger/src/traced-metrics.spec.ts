import { aCommand } from '@core/contracts/command-examples.fixture';
import { anEvent } from '@core/contracts/examples.fixture';
import { newId } from '@core/service/clock';
import { spanIdOf } from '@core/service/trace-context';
import type { Span, Tracing } from '@core/service/tracing';
import { MemoryLedger } from '@core/testing/memory-ledger';
import { tracedCommands } from './traced-metrics.ts';

it('a command that the ledger gives itself is a step after the event that led to it, and before what it led to', async () => {
  const spans: Span[] = [];
  let told: () => void = () => undefined;
  const cancelled = new Promise<void>((resolve) => (told = resolve));
  const record = (span: Span): void => {
    spans.push(span);
    told();
  };
  const tracing: Tracing = { isOn: true, record, close: () => Promise.resolve() };
  const ledger = new MemoryLedger({ commanding: tracedCommands(tracing) });
  await ledger.send(aCommand('RegisterAccount', {}, { commandid: newId() }));
  await ledger.report({ ...anEvent('OrderWorking'), id: newId() });
  await ledger.send(aCommand('HaltTrading', { clearing: 'orders' }, { commandid: newId() }));
  await cancelled;
  await ledger.end();
  const of = (type: string) => ledger.events.find((event) => event.type === type);
  const [halted, asked] = [of('TradingHalted'), of('CancellationRequested')];
  expect(spans).toMatchObject([
    {
      name: 'decide CancelOrder',
      correlation: halted?.correlationid,
      after: spanIdOf(halted?.id ?? ''),
      id: spanIdOf(asked?.causationid ?? ''),
    },
  ]);
});
