import { CHROMIUM_ARGUMENTS, chromiumBinary, HOW_TO_GET_CHROMIUM } from '@core/machine/chromium';
import { Supervisor } from '@core/machine/supervisor';
import { migrateEventLog } from '@core/event-log/migrations';
import { consoleLink } from '@core/operations/console-link';
import { migrateRegistry } from '@core/registry/migrations';
import { newId } from '@core/service/clock';
import { randomBytes } from 'node:crypto';
import { chromium, type Browser } from 'playwright-core';
import { latency, median, type Row } from './row.ts';
import type { Servers } from './servers.ts';

/** Every one by a browser that has nothing of it yet; the first is not counted. */
const VISITS = 9;
/** What is promised. */
const PAINT_MAX_MS = 1_000;

interface Visit {
  /** Milliseconds since the link was followed. */
  readonly paintedMs: number;
  readonly shownMs: number;
}

const PAINTED = `new Promise((tell) => new PerformanceObserver((list) => {
  const first = list.getEntries().find(({ name }) => name === 'first-contentful-paint');
  if (first) tell(first.startTime);
}).observe({ type: 'paint', buffered: true }))`;
const SHOWN = `new Promise(function look(tell) {
  if (document.querySelector('main h1') && !document.querySelector('.waiting')) tell(performance.now());
  else requestAnimationFrame(() => look(tell));
})`;

/** How long somebody looks at nothing who follows a link into the console. */
export async function firstPaint({ databaseUrl, natsUrl, ports, logs }: Servers): Promise<Row[]> {
  const executablePath = chromiumBinary();
  if (executablePath === null) {
    console.log(`no browser here: ${HOW_TO_GET_CHROMIUM}`);
    return [];
  }
  await migrateEventLog(databaseUrl);
  await migrateRegistry(databaseUrl);
  const [port, opsPort] = [await ports.claim('console-http', 0), await ports.claim('console-ops', 0)];
  const [url, key] = [`http://127.0.0.1:${port}`, randomBytes(32).toString('base64')];
  const env = { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, LOG_LEVEL: 'warn', PORT: String(port), LINK_KEY: key };
  const supervisor = new Supervisor(logs, console.log);
  const browser = await chromium.launch({ args: CHROMIUM_ARGUMENTS, executablePath });
  try {
    await supervisor.start({ name: 'console', opsPort, env });
    const link = () => consoleLink(url, key, { id: newId(), name: 'bench', role: 'read' }, Date.now());
    const visits: Visit[] = [];
    for (let nth = 0; nth <= VISITS; nth += 1) visits.push(await visited(browser, await link()));
    return rowsOf(visits.slice(1));
  } finally {
    await browser.close();
    await supervisor.stop();
  }
}

async function visited(browser: Browser, link: string): Promise<Visit> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link, { waitUntil: 'commit' });
  const [paintedMs, shownMs] = await Promise.all([page.evaluate<number>(PAINTED), page.evaluate<number>(SHOWN)]);
  await context.close();
  return { paintedMs, shownMs };
}

const rowsOf = (visits: readonly Visit[]): Row[] => [
  latency({
    ...{ id: 'console.paint', what: 'first contentful paint of the console, by a link, nothing cached', unit: 'ms' },
    ...{ value: median(visits.map(({ paintedMs }) => paintedMs)), limit: PAINT_MAX_MS, floor: 1 },
  }),
  latency({
    ...{ id: 'console.shown', what: 'until its first page shows what it has read', unit: 'ms' },
    ...{ value: median(visits.map(({ shownMs }) => shownMs)), limit: null, floor: null },
  }),
];
