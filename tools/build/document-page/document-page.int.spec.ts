import { bundleOf, AppProcess } from '@core/machine/app-process';
import { describeInBrowser, openBrowser, openContext } from '@core/testing/browser';
import { freePort } from '@core/testing/free-port';
import axe from 'axe-core';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';

const APPS = ['tv-gateway', 'proquant-webhook', 'ws-session', 'console', 'xapi-simulator'];

const builtPath = (app: string, name: string): string => join(dirname(bundleOf(app)), 'docs', name);

describe('a process that a document describes', () => {
  let app: AppProcess;
  let url: string;
  beforeAll(async () => {
    const [port, opsPort] = [await freePort(), await freePort()];
    url = `http://127.0.0.1:${port}`;
    app = new AppProcess({ name: 'xapi-simulator', opsPort, env: { SIMULATOR_CONTROL_PORT: String(port) } });
    await app.start();
  });
  afterAll(() => app.stop());

  it.each([
    ['/docs', 'text/html; charset=utf-8', 'index.html'],
    ['/docs/', 'text/html; charset=utf-8', 'index.html'],
    ['/docs/style.css', 'text/css; charset=utf-8', 'style.css'],
    ['/docs/openapi.yaml', 'application/yaml; charset=utf-8', 'openapi.yaml'],
    ['/docs/openapi.json', 'application/json; charset=utf-8', 'openapi.json'],
  ])('shows it to anybody at %s', async (path, type, name) => {
    const response = await fetch(url + path);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
    expect(response.headers.get('content-security-policy')).toContain(`default-src 'none'`);
    expect(await response.text()).toBe(readFileSync(builtPath('xapi-simulator', name), 'utf8'));
  });

  it('has nothing else there', async () => {
    for (const path of ['/docs/main.js', '/docs/../main.js.map', '/docs/%2e%2e/main.js.map', '/docs/..%2fmain.js.map'])
      expect((await fetch(url + path)).status).toBe(404);
  });
});

describeInBrowser('the page of a document', () => {
  let browser: Browser;
  beforeAll(async () => (browser = await openBrowser()));
  afterAll(() => browser.close());

  const shown = async (app: string): Promise<Page> => {
    const page = await (await openContext(browser)).newPage();
    await page.route('http://documents.test/**', (route) => {
      const name = new URL(route.request().url()).pathname.replace(/^\/docs\/?/, '') || 'index.html';
      return route.fulfill({ path: builtPath(app, name) });
    });
    await page.goto('http://documents.test/docs');
    return page;
  };

  it.each(APPS)('of %s is no wider than a desk or a telephone', async (app) => {
    const page = await shown(app);
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect([width, Math.max(width, wide)]).toEqual([width, width]);
    }
    await page.context().close();
  });

  it.each(APPS)('of %s breaks no name in two on a desk', async (app) => {
    const page = await shown(app);
    await page.setViewportSize({ width: 1280, height: 900 });
    const broken = await page.evaluate<string[]>(
      `[...document.querySelectorAll('td code')].filter((code) => code.getClientRects().length > 1).map((code) => code.textContent)`,
    );
    expect(broken.filter((name) => /^\w+$/.test(name))).toEqual([]);
    await page.context().close();
  });

  // One renderer makes them all, and the rules take long on a long page.
  it('can be read without seeing it, by day and by night', async () => {
    const page = await shown('proquant-webhook');
    await page.evaluate(axe.source);
    for (const [colorScheme, rules] of [
      ['light', {}],
      ['dark', { runOnly: ['color-contrast'] }],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
        `axe.run(document, ${JSON.stringify({ ...rules, resultTypes: ['violations'] })})`,
      );
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    }
    await page.context().close();
  });
});
