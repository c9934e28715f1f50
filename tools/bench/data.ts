import { within } from '@core/machine/within';
import { setTimeout as pause } from 'node:timers/promises';
import { progressOf } from '../ops/progress.ts';
import { BareServer } from './bare-server.ts';
import { besideBare } from './beside-bare.ts';
import { DataHarness } from './data-harness.ts';
import { requestBytes } from './http-load.ts';
import { PriceReaders } from './price-readers.ts';
import { latency, percentile, type Row } from './row.ts';
import type { Servers } from './servers.ts';

const MINUTES_OF_A_DAY = 1_440;
const READY_TIMEOUT_MS = 10_000;
/** Seconds by which a day is asked for again, each time as another question. */
const FIRST_QUESTIONS = 50;
const CONNECTIONS = 32;
const READERS = 4;
const MESSAGES_PER_SECOND = 20;
const SECONDS = 20;
const WARM_UP_MESSAGES = 100;
const SETTLE_MS = 1_000;
/** TradingView wants prices within a second. */
const DELAY_MAX_MS = 1_000;

/** What TradingView's servers draw charts of: a day of minutes again and again, and prices as they change. */
export async function data(servers: Servers): Promise<Row[]> {
  const harness = await DataHarness.open(servers);
  try {
    return [...(await history(harness)), ...(await streaming(harness))];
  } finally {
    await harness.close();
  }
}

async function history({ gateway, market, charted, day: { from, to } }: DataHarness): Promise<Row[]> {
  const pathTo = (until: number): string => `/history?symbol=${charted}&resolution=1&from=${from}&to=${until}`;
  const path = pathTo(to);
  let body = '';
  const isThere = async (): Promise<boolean> => {
    await market.describe();
    body = await (await fetch(`http://127.0.0.1:${gateway.port}${path}`)).text();
    return (JSON.parse(body) as { readonly t?: readonly number[] }).t?.length === MINUTES_OF_A_DAY;
  };
  if (!(await within(READY_TIMEOUT_MS, isThere))) throw new Error(`not a day of minutes: ${body.slice(0, 200)}`);
  const bare = await BareServer.start({ '/history': { body } });
  try {
    const requests = Array.from({ length: CONNECTIONS }, () => requestBytes(path, {}));
    const what = `a day of minutes, ${CONNECTIONS} connections`;
    const urls = Array.from(
      { length: FIRST_QUESTIONS },
      (_, n) => `http://127.0.0.1:${gateway.port}${pathTo(to + n + 1)}`,
    );
    const again = await besideBare(gateway, bare, { id: 'tv.history', what, requests, status: 200, floor: null });
    return [...again, ...(await firstAnswers(urls))];
  } finally {
    await bare.stop();
  }
}

/** Of questions that nobody asked before, one after the other: what the database is asked for. */
async function firstAnswers(urls: readonly string[]): Promise<Row[]> {
  const measured: number[] = [];
  for (const url of urls) {
    const startMs = performance.now();
    await (await fetch(url)).arrayBuffer();
    measured.push(performance.now() - startMs);
  }
  const row = (id: string, percent: number): Row =>
    latency({
      ...{ id, what: `a day of minutes that is asked for the first time, p${percent}` },
      ...{ value: percentile(measured, percent), unit: 'ms', limit: null, floor: null },
    });
  return [row('tv.history.first', 50), row('tv.history.first.p99', 99)];
}

/** Each instrument moves with every message of the venue's, and each move is one trade to each reader. */
async function streaming({ gateway, market, ownerCpuMs }: DataHarness): Promise<Row[]> {
  const readers = await PriceReaders.open(gateway.port, READERS);
  try {
    let told = 0;
    const tell = async (count: number): Promise<void> => {
      const startMs = performance.now();
      const progress = progressOf('changes of prices told');
      for (let n = 0; n < count; n += 1) {
        const bid = readers.expect((told += 1));
        market.tell(new Map(market.instruments.map((instrument) => [instrument, bid])));
        progress.at((n + 1) * market.instruments.length, count * market.instruments.length);
        await pause(startMs + ((n + 1) * 1_000) / MESSAGES_PER_SECOND - performance.now());
      }
      progress.end();
    };
    await tell(WARM_UP_MESSAGES);
    await pause(SETTLE_MS);
    readers.forget();
    const [startMs, ownerBefore, gatewayBefore] = [performance.now(), await ownerCpuMs(), await gateway.cpuMs()];
    await tell(SECONDS * MESSAGES_PER_SECOND);
    const share = (usedMs: number): number => (usedMs * 100) / (performance.now() - startMs);
    const [owner, ours] = [share((await ownerCpuMs()) - ownerBefore), share((await gateway.cpuMs()) - gatewayBefore)];
    await pause(SETTLE_MS);
    const perSecond = MESSAGES_PER_SECOND * market.instruments.length;
    const delays = readers.delays(SECONDS * perSecond);
    const what = `${READERS} readers of ${perSecond.toLocaleString('en-US')} price changes a second`;
    const delay = (id: string, percent: number): Row =>
      latency({
        ...{ id, what: `${what}, from the connector's message to the trade, p${percent}` },
        ...{ value: percentile(delays, percent), unit: 'ms', limit: DELAY_MAX_MS, floor: 1 },
      });
    const cpu = (id: string, whose: string, value: number): Row =>
      latency({ id, what: `${what}, CPU of ${whose}`, value, unit: '% of a core', limit: null, floor: null });
    return [
      delay('tv.streaming.delay', 50),
      delay('tv.streaming.delay.p99', 99),
      cpu('tv.streaming.owner', 'the owner of the bars', owner),
      cpu('tv.streaming.gateway', 'the gateway', ours),
    ];
  } finally {
    readers.close();
  }
}
