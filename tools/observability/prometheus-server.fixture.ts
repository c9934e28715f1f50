// A Prometheus of a spec's own, with the rules and the scrape configuration that are deployed.
import { present } from '@core/kernel/present';
import { prometheusBinaries } from '@core/machine/prometheus-binary';
import { freePort } from '@core/testing/free-port';
import { until } from '@core/testing/until';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { deployedFile, deployedRules } from './deployed-queries.fixture.ts';

const TICK = '2s';

const binaries = prometheusBinaries();

/** Specs that need Prometheus; where this machine has none they are skipped, which `npm test` says at its end. */
export const describeWithPrometheus: jest.Describe = binaries === null ? describe.skip : describe;

export const promtool = (): string => present(binaries, 'the spec is skipped without it').tool;

interface AlertLabels {
  readonly alertname: string;
  readonly service?: string;
}

interface ScrapeConfiguration {
  readonly scrape_configs: readonly object[];
}

export class PrometheusServer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly url: string,
  ) {}

  /**
   * Asks `addresses`, `host:port` by the name of the service, and wakes at once: what the deployed rules wait for before
   * they wake somebody is taken out.
   */
  static async start(addresses: Readonly<Record<string, string>>): Promise<PrometheusServer> {
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    const { groups } = deployedRules();
    const hasty = {
      groups: groups.map((group) => ({ ...group, rules: group.rules.map(({ for: _, ...rule }) => rule) })),
    };
    const deployed = parse(readFileSync(deployedFile('prometheus.yml'), 'utf8')) as ScrapeConfiguration;
    const targets = Object.entries(addresses).map(([service, address]) => ({
      ...{ targets: [address], labels: { service } },
    }));
    const asked = {
      ...deployed,
      global: { scrape_interval: TICK, scrape_timeout: TICK, evaluation_interval: TICK },
      scrape_configs: deployed.scrape_configs.map((job) => ({ ...job, static_configs: targets })),
    };
    writeFileSync(join(folder, 'rules.yml'), stringify(hasty));
    writeFileSync(join(folder, 'prometheus.yml'), stringify(asked));
    const port = await freePort();
    const args = [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ];
    const { server } = present(binaries, 'the spec is skipped without it');
    const child = spawn(server, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    const prometheus = new PrometheusServer(child, folder, `http://127.0.0.1:${port}`);
    const isReady = (): Promise<boolean> =>
      fetch(`${prometheus.url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    await until(isReady);
    return prometheus;
  }

  /** The names of the alerts that somebody is woken by now. */
  async firing(): Promise<readonly string[]> {
    return [...new Set((await this.woken()).map(({ alertname }) => alertname))].toSorted();
  }

  /** The services of which an alert wakes somebody now. */
  async wokenBy(alert: string): Promise<readonly (string | undefined)[]> {
    return (await this.woken()).filter(({ alertname }) => alertname === alert).map(({ service }) => service);
  }

  private async woken(): Promise<readonly AlertLabels[]> {
    const { alerts } = await this.ask<{ alerts: { state: string; labels: AlertLabels }[] }>('alerts');
    return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels);
  }

  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await gone;
    rmSync(this.folder, { recursive: true });
  }

  private async ask<Answer>(path: string): Promise<Answer> {
    const response = await fetch(`${this.url}/api/v1/${path}`);
    const { data, error } = (await response.json()) as { data: Answer; error?: string };
    if (error !== undefined) throw new Error(error);
    return data;
  }
}
