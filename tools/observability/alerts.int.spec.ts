import type { Event } from '@core/contracts/event';
import { anEvent } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { AppProcess } from '@core/machine/app-process';
import { inBackground } from '@core/service/in-background';
import { freePort } from '@core/testing/free-port';
import { until } from '@core/testing/until';
import { ConsoleHarness } from '../console/console-harness.fixture.ts';
import { describeWithPrometheus, PrometheusServer } from './prometheus-server.fixture.ts';

/** A ledger is named and none runs. */
const NO_LEDGER = ['NoLedgerWrites', 'ServiceDown'];

describeWithPrometheus('the deployed alerts, on a console that runs', () => {
  let console: ConsoleHarness;
  let prometheus: PrometheusServer;
  let connector: AppProcess;
  beforeAll(async () => {
    console = await ConsoleHarness.open();
    await console.system.append([an('AccountRegistered'), an('AccountSessionOpened')]);
    const { DATABASE_URL = '', NATS_URL = '', REGISTRY_KEY = '' } = process.env;
    const env = { DATABASE_URL, NATS_URL, REGISTRY_KEY };
    connector = new AppProcess({ name: 'paper-connector', opsPort: await freePort(), env });
    prometheus = await PrometheusServer.start({
      'paper-connector': `127.0.0.1:${connector.spec.opsPort}`,
      console: `127.0.0.1:${console.app.spec.opsPort}`,
      ledger: `127.0.0.1:${await freePort()}`,
    });
  });
  afterAll(async () => {
    await prometheus?.stop();
    await connector?.stop();
    await console?.close();
  });

  const an = (...[type, data]: Parameters<typeof anEvent>): Event =>
    anEvent(type, data, { subject: console.system.account });
  const forEveryone = (type: 'TradingHalted' | 'TradingResumed'): Event =>
    anEvent(type, {}, { subject: SYSTEM_ACCOUNT });

  const fires = async (...alerts: readonly string[]): Promise<void> => {
    const expected = [...NO_LEDGER, ...alerts].toSorted().join();
    await until(async () => (await prometheus.firing()).join() === expected);
  };

  it('are silent of what is well, and say what does not run', () => fires());

  it('say which connector was killed', async () => {
    const isDown = async (): Promise<boolean> => (await prometheus.wokenBy('ServiceDown')).includes('paper-connector');
    inBackground('a connector runs', connector.launch());
    await until(async () => !(await isDown()));
    await connector.crash();
    await until(isDown);
  });

  it('say that trading is halted until it is resumed', async () => {
    await console.system.append([forEveryone('TradingHalted')]);
    await fires('TradingHalted');
    await console.system.append([forEveryone('TradingResumed')]);
    await fires();
  });

  it('say that a broker’s session is lost until it is open again', async () => {
    await console.system.append([an('AccountSessionLost')]);
    await fires('BrokerSessionLost');
    await console.system.append([an('AccountSessionOpened')]);
    await fires();
  });

  it('say that an account differs from its broker until it does no more', async () => {
    await console.system.append([an('AccountReconciled', { outcome: 'drift', drifts: [] })]);
    await fires('BooksDrifted');
    await console.system.append([an('AccountReconciled', { outcome: 'clean' })]);
    await fires();
  });

  it('say that nobody knows what became of a request until somebody does', async () => {
    await console.system.append([an('OrderRequested'), an('RequestDispatched'), an('RequestOutcomeUnknown')]);
    await fires('OutcomeUnknown');
    await console.system.append([an('RequestAccepted')]);
    await fires();
  });

  it('say that a message could not be recorded', async () => {
    await console.system.deliver('{"not":"an event"}');
    await fires('MessageQuarantined');
  });

  it('say so when nobody can tell any more what needs a person', async () => {
    await console.app.stop();
    await fires('NobodyLooksForFindings');
  });
});
