import { z } from 'zod';
import { jsonAs } from '@core/kernel/json-as';
import type { ServiceSettings } from '@core/service/service-settings';
import type { BrokerSettings, CertificateSettings, SocketSettings } from './config.ts';
import { AccountInput } from './control/actions.ts';
import { BrokerControl } from './control/broker-control.ts';
import { BehaviourSettings } from './core/behaviour-settings.ts';
import { ChartFile } from './chart-file.ts';
import { MINUTE_MS } from './core/periods.ts';
import { toUnits } from './core/units.ts';
import { Driver } from './driver.ts';
import { Simulator } from './simulator.ts';
import { certificateFor } from './sockets/certificate.ts';
import { SocketServers, type SocketAddresses } from './sockets/socket-servers.ts';
import { StateFile } from './state-file.ts';

/** How often a changed state is saved: what a kill can cost. */
const SAVE_EVERY_MS = 250;

/** Who can log in when nobody is named. */
const DEMO_ACCOUNTS: readonly z.input<typeof AccountInput>[] = [
  { userId: '10001', password: 'demo-10001', currency: 'USD' },
  { userId: '10002', password: 'demo-10002', currency: 'EUR' },
  { userId: '10003', password: 'demo-10003', currency: 'USD' },
];

/** A simulator on real sockets by the wall clock, with its memory in a file. */
export class RunningSimulator {
  readonly simulator: Simulator;
  readonly driver: Driver;
  readonly control: BrokerControl;
  addresses: SocketAddresses = {};
  private readonly servers: SocketServers;
  private readonly stateFile: StateFile | null;
  private readonly chartFile: ChartFile | null;
  private saver: NodeJS.Timeout | undefined;
  private savedChanges = 0;
  private chartedMs: number;

  /** Throws `UnreadableJson` when accounts, knobs or the state file are not what they must be. */
  constructor(
    service: ServiceSettings,
    private readonly ports: SocketSettings,
    broker: BrokerSettings,
    private readonly certificates: CertificateSettings,
  ) {
    const { seed, accounts: named, knobs: turned, stateFile } = broker;
    const accounts =
      named === undefined
        ? z.array(AccountInput).parse(DEMO_ACCOUNTS)
        : jsonAs('SIMULATOR_ACCOUNTS', named, z.array(AccountInput));
    const behaviour = jsonAs('SIMULATOR_KNOBS', turned ?? '{}', BehaviourSettings);
    this.stateFile = stateFile === undefined ? null : new StateFile(stateFile);
    this.chartFile = stateFile === undefined ? null : new ChartFile(`${stateFile}.charts`);
    const startMs = Date.now();
    const past = this.chartFile?.read(startMs);
    this.simulator = new Simulator({
      seed,
      startMs,
      past,
      accounts: accounts.map((account) => ({ ...account, balance: toUnits(account.balance, 2) })),
      behaviour,
      state: this.stateFile?.read() ?? undefined,
    });
    if (past) this.chartFile?.begin(past);
    this.chartedMs = startMs - (startMs % MINUTE_MS);
    this.driver = new Driver(this.simulator, Date.now);
    this.control = new BrokerControl(this.simulator);
    this.servers = new SocketServers(this.simulator, this.driver, service.host);
  }

  /** Open sockets, those that are no connection (yet) included. */
  get sockets(): number {
    return this.servers.count;
  }

  /** What clients of TLS and WSS are to trust, PEM; null when neither is on. */
  get certificate(): string | null {
    return this.servers.certificate;
  }

  async start(): Promise<void> {
    this.driver.start();
    this.addresses = await this.servers.listen(this.ports, () => certificateFor(this.certificates));
    this.saver = setInterval(() => this.save(), SAVE_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.saver);
    this.driver.stop();
    await this.servers.close();
    this.saveCharts(Infinity);
    await this.stateFile?.saveLast(this.simulator.capture());
  }

  /** Minutes that began before then and are not in the file yet. */
  private saveCharts(untilMs: number): void {
    if (this.chartFile === null || untilMs <= this.chartedMs) return;
    this.chartFile.append(this.simulator.candles.minutes(this.chartedMs, untilMs));
    this.chartedMs = untilMs;
  }

  private save(): void {
    const { time } = this.simulator.broker;
    this.saveCharts(time - (time % MINUTE_MS));
    const { changes } = this.simulator;
    if (changes === this.savedChanges) return;
    this.savedChanges = changes;
    this.stateFile?.save(() => this.simulator.capture());
  }
}
