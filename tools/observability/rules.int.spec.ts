import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { dashboardQueries, deployedAlerts, deployedFile } from './deployed-queries.fixture.ts';
import { describeWithPrometheus, promtool } from './prometheus-server.fixture.ts';

/** Series by their names: a value that stands for half an hour, or what it does each minute. */
type Series = Readonly<Record<string, number | string>>;

interface AlertCase {
  readonly cause: Series;
  readonly quiet: Series;
  /** When it has come to be fired, and not much before: what is over sooner wakes nobody. */
  readonly firesAt: string;
}

const FINDINGS = 'console_findings{kind="halt"}';
const kind = (name: string): string => `console_findings{kind="${name}"}`;
const ledger = { service: 'service_ready{service="ledger",instance="a"}', writer: 'ledger_writer{instance="a"}' };

const CASES: Readonly<Record<string, AlertCase>> = {
  ServiceDown: {
    cause: { 'up{job="trading-core",service="ledger"}': 0 },
    quiet: { 'up{job="trading-core",service="ledger"}': 1 },
    firesAt: '1m',
  },
  ServiceNotReady: {
    cause: { [ledger.service]: 0, [ledger.writer]: 1 },
    quiet: { [ledger.service]: 0, [ledger.writer]: 0 },
    firesAt: '2m',
  },
  NoLedgerWrites: {
    cause: { 'ledger_writer{instance="a"}': 0, 'ledger_writer{instance="b"}': 0 },
    quiet: { 'ledger_writer{instance="a"}': 0, 'ledger_writer{instance="b"}': 1 },
    firesAt: '1m',
  },
  BuildsDiffer: {
    cause: { 'build_info{build="1",service="a"}': 1, 'build_info{build="2",service="b"}': 1 },
    quiet: { 'build_info{build="1",service="a"}': 1, 'build_info{build="1",service="b"}': 1 },
    firesAt: '30m',
  },
  EventLoopBlocked: {
    cause: { nodejs_eventloop_lag_p99_seconds: 0.7 },
    quiet: { nodejs_eventloop_lag_p99_seconds: 0.02 },
    firesAt: '5m',
  },
  LogIsNotWhatWasSigned: { cause: { ledger_log_faults: 1 }, quiet: { ledger_log_faults: 0 }, firesAt: '0m' },
  ClocksDiffer: {
    cause: { 'ledger_clock_ahead_seconds{clock="machine"}': -3 },
    quiet: { 'ledger_clock_ahead_seconds{clock="machine"}': 0.4 },
    firesAt: '1m',
  },
  CommitsAreSlow: {
    cause: {
      'ledger_commit_seconds_bucket{le="0.5"}': '0+10x30',
      'ledger_commit_seconds_bucket{le="1"}': '0+20x30',
      'ledger_commit_seconds_bucket{le="+Inf"}': '0+20x30',
    },
    quiet: {
      'ledger_commit_seconds_bucket{le="0.5"}': '0+20x30',
      'ledger_commit_seconds_bucket{le="1"}': '0+20x30',
      'ledger_commit_seconds_bucket{le="+Inf"}': '0+20x30',
    },
    firesAt: '6m',
  },
  ProjectionBehind: {
    cause: { 'projection_lag_seconds{runner="tv-gateway"}': '20+60x30' },
    quiet: { 'projection_lag_seconds{runner="tv-gateway"}': 2 },
    firesAt: '1m',
  },
  FeedDisbelieved: {
    cause: { 'feed_disbelieved_total{why="unreadable"}': '0 0 1+0x30' },
    quiet: { 'feed_disbelieved_total{why="unreadable"}': 4 },
    firesAt: '2m',
  },
  NobodyLooksForFindings: { cause: {}, quiet: { [FINDINGS]: 0 }, firesAt: '2m' },
  OutcomeUnknown: {
    cause: { 'console_oldest_finding_seconds{kind="unknown-outcome"}': '0+60x30' },
    quiet: { 'console_oldest_finding_seconds{kind="unknown-outcome"}': 30 },
    firesAt: '2m',
  },
  MessageQuarantined: { cause: { [kind('quarantine')]: 1 }, quiet: { [kind('quarantine')]: 0 }, firesAt: '0m' },
  BooksDrifted: { cause: { [kind('drift')]: 1 }, quiet: { [kind('drift')]: 0 }, firesAt: '2m' },
  BrokerSessionLost: { cause: { [kind('session')]: 2 }, quiet: { [kind('session')]: 0 }, firesAt: '2m' },
  TradingHalted: { cause: { [kind('halt')]: 1 }, quiet: { [kind('halt')]: 0 }, firesAt: '0m' },
  SignalHalfDone: {
    cause: { 'console_oldest_finding_seconds{kind="half-done"}': '0+60x30' },
    quiet: { 'console_oldest_finding_seconds{kind="half-done"}': 30 },
    firesAt: '2m',
  },
  DeliveriesUnreadable: { cause: { [kind('dead-delivery')]: 1 }, quiet: { [kind('dead-delivery')]: 0 }, firesAt: '0m' },
  ProquantVersionEnds: {
    cause: { proquant_version_ends_seconds: 1_893_456_000 },
    quiet: { proquant_version_ends_seconds: 0 },
    firesAt: '0m',
  },
  PricesStale: {
    cause: { 'market_prices{state="stale"}': 3, 'market_prices{state="live"}': 4 },
    quiet: { 'market_prices{state="stale"}': 0, 'market_prices{state="closed"}': 7 },
    firesAt: '5m',
  },
  TradingRequestsFail: {
    cause: { 'trading_requests_total{service="tv-gateway",outcome="unanswered"}': '0 0 1+0x30' },
    quiet: {
      'trading_requests_total{service="tv-gateway",outcome="unanswered"}': 1,
      'trading_requests_total{service="tv-gateway",outcome="refused"}': '0+5x30',
    },
    firesAt: '2m',
  },
};

/** Nobody is woken by these: a system at rest. */
const firingAt = (alert: string, time: string, fires: boolean) => ({
  expr: `count(ALERTS{alertname="${alert}",alertstate="firing"}) > bool 0 or vector(0)`,
  eval_time: time,
  exp_samples: [{ labels: '{}', value: fires ? 1 : 0 }],
});

const input = (series: Series) =>
  Object.entries(series).map(([name, values]) => ({
    series: name,
    values: typeof values === 'number' ? `${values}+0x40` : values,
  }));

describeWithPrometheus('the deployed rules', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'promtool-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  const says = (...args: readonly string[]): string => execFileSync(promtool(), args, { encoding: 'utf8' });

  it('and what is asked of services are well-formed', () => {
    expect(says('check', 'rules', deployedFile('rules.yml'))).toContain('SUCCESS');
    expect(says('check', 'config', deployedFile('prometheus.yml'))).toContain('SUCCESS');
  });

  it('and what the dashboard asks is understood', () => {
    const file = join(folder, 'dashboard.yml');
    const rules = dashboardQueries().map((expr, index) => ({ record: `panel_${index}`, expr }));
    writeFileSync(file, stringify({ groups: [{ name: 'dashboard', rules }] }));
    expect(says('check', 'rules', file)).toContain(`SUCCESS: ${rules.length} rules`);
  });

  it('are tried one by one', () => {
    expect(Object.keys(CASES).toSorted()).toEqual(deployedAlerts().toSorted());
  });

  it.each(Object.entries(CASES))('%s fires when its cause is made, and is silent when it is not', (alert, each) => {
    const { cause, quiet, firesAt } = each;
    const before = firesAt === '0m' ? [] : [firingAt(alert, `${parseInt(firesAt, 10) * 60 - 10}s`, false)];
    const file = join(folder, `${alert}.yml`);
    const tests = [
      { interval: '1m', input_series: input(cause), promql_expr_test: [firingAt(alert, firesAt, true), ...before] },
      {
        interval: '1m',
        input_series: input(quiet),
        promql_expr_test: ['1m', '10m', '35m'].map((time) => firingAt(alert, time, false)),
      },
    ];
    writeFileSync(file, stringify({ rule_files: [deployedFile('rules.yml')], evaluation_interval: '10s', tests }));
    expect(says('test', 'rules', file)).toContain('SUCCESS');
  });
});
