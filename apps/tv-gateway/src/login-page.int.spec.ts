import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeInBrowser, openBrowser, openContext, openProfile } from '@core/testing/browser';
import { freePort } from '@core/testing/free-port';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { generate } from 'selfsigned';
import { GatewayHarness } from './gateway-harness.fixture.ts';
import { PASSWORD } from './memory-ports.fixture.ts';
import { aClient, authorization, exchange, implicitClient, OAUTH_SETTINGS, tokens } from './oauth-client.fixture.ts';

/** The least contrast of text that everybody can read (WCAG 2.2, 1.4.3). */
const LEGIBLE = 4.5;

/** As wide as a telephone. */
const PHONE = { viewport: { width: 390, height: 844 } };

describeInBrowser('the login page, in a browser', () => {
  let gateway: GatewayHarness;
  let site: Server;
  let browser: Browser;
  let context: BrowserContext;
  let ours: string;
  /** Another site than ours, and one of our own domain. */
  let theirs: string;
  let neighbour: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    const port = await freePort();
    ours = `http://127.0.0.1:${port}`;
    gateway = await GatewayHarness.start({ ...OAUTH_SETTINGS, OAUTH_URL: ours, LOGIN_FAILURES_MAX: '1000' });
    await gateway.app.listen(port, '127.0.0.1');
    site = createServer(({ url }, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      const framed = new URL(url ?? '', 'http://site').searchParams.get('frame');
      response.end(
        `<title>Their site</title>${framed === null ? '' : `<iframe src="${framed.replaceAll('&', '&amp;')}"></iframe>`}`,
      );
    }).listen(0);
    const { port: sitePort } = site.address() as AddressInfo;
    [theirs, neighbour] = [`http://localhost:${sitePort}/back`, `http://127.0.0.1:${sitePort}/back`];
    const redirectUris = [theirs, neighbour];
    gateway.ports.oauthClients.registered.push(aClient({ redirectUris }), { ...implicitClient, redirectUris });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    site.close();
    await gateway.stop();
  });
  afterEach(async () => {
    await context.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
    context = await openContext(browser, options);
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', ({ message }) => complaints.push(message));
    return page;
  }

  const address = (more: Record<string, string> = {}): string =>
    `${ours}/oauth/authorize?${new URLSearchParams(authorization({ redirect_uri: theirs, ...more })).toString()}`;

  async function open(more: Record<string, string> = {}, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await newPage(options);
    await page.goto(address(more));
    return page;
  }

  const focused = (page: Page): Promise<string> => page.evaluate('document.activeElement.id');

  const logIn = async (page: Page, password = PASSWORD): Promise<void> => {
    await page.getByLabel('Login').fill('ada');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
  };

  it('lets somebody in who uses the keyboard alone, and leads back with a code that is good', async () => {
    const page = await open();
    expect(await focused(page)).toBe('login');
    await page.keyboard.type('ada');
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${theirs}*`);
    const back = new URL(page.url()).searchParams;
    expect(back.get('state')).toBe(authorization()['state']);
    expect(await tokens(gateway, exchange(back.get('code'), { redirect_uri: theirs }))).toMatchObject({ status: 200 });
  });

  it('works without scripts', async () => {
    const page = await open({}, { javaScriptEnabled: false });
    await logIn(page, 'wrong');
    await page.getByText('Login or password is wrong.').waitFor();
    await logIn(page);
    await page.waitForURL(`${theirs}*`);
  });

  it('works in a pop-up of another site', async () => {
    const page = await newPage();
    await page.goto(theirs);
    const opened = page.waitForEvent('popup');
    await page.evaluate(`void window.open(${JSON.stringify(address())})`);
    const popUp = await opened;
    await logIn(popUp);
    await popUp.waitForURL(`${theirs}*`);
  });

  it('says what is wrong beside its field, and takes the user there', async () => {
    const page = await open();
    await page.getByRole('button').click();
    await page.getByText('Enter your login.').waitFor();
    expect(await focused(page)).toBe('login');
    await logIn(page, 'wrong');
    const error = page.getByRole('alert').filter({ hasText: 'Login or password is wrong.' });
    await error.waitFor();
    expect(await focused(page)).toBe('password');
    expect(await page.getByLabel('Password').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Password').getAttribute('aria-describedby')).toBe(await error.getAttribute('id'));
    expect(await page.getByLabel('Login').inputValue()).toBe('ada');
    expect(await page.getByLabel('Password').inputValue()).toBe('');
  });

  it.each(['light', 'dark'] as const)(
    'can be read in %s, and everything on it can be told from its ground',
    async (colorScheme) => {
      const page = await open({}, { colorScheme });
      await logIn(page, 'wrong');
      await page.getByRole('alert').waitFor();
      for (const selector of ['h1', 'main p', 'label', '.error', 'button', 'footer', 'input'])
        expect([selector, (await contrastOf(page, selector)) >= LEGIBLE]).toEqual([selector, true]);
    },
  );

  it.each(['en', 'de', 'ru', 'ja'])('fits a telephone in %s', async (lang) => {
    const page = await open({ lang }, PHONE);
    expect(await page.getAttribute('html', 'lang')).toBe(lang);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    for (const control of await page.locator('input, button').all())
      expect((await control.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  });

  it('is not shown in a frame of another page', async () => {
    const page = await newPage();
    await page.goto(`${neighbour}?frame=${encodeURIComponent(address())}`);
    expect(page.frames().map((frame) => frame.url())).not.toContainEqual(expect.stringContaining('/oauth/login/'));
    expect(complaints.splice(0).join()).toMatch(/frame-ancestors|X-Frame-Options/i);
  });

  it('renews an implicit token in a hidden frame, without being seen', async () => {
    const client = { response_type: 'token', client_id: implicitClient.id, redirect_uri: neighbour };
    const page = await open({ ...client, prompt: 'login' });
    await logIn(page);
    await page.waitForURL(`${neighbour}*`);
    const first = new URL(page.url()).hash;
    await page.goto(`${neighbour}?frame=${encodeURIComponent(address({ ...client, prompt: 'none' }))}`);
    const frame = page.frames()[1];
    await frame?.waitForURL(`${neighbour}*`);
    const renewed = new URLSearchParams(new URL(frame?.url() ?? '').hash.slice(1));
    expect(first).not.toContain(renewed.get('access_token'));
    expect((await gateway.call('GET /accounts', { token: renewed.get('access_token') ?? '' })).statusCode).toBe(200);
  });

  describe('over TLS, in a hidden frame of another site, as TradingView has it', () => {
    let encrypted: GatewayHarness;
    let server: TlsServer;
    let secure: string;
    let profile: string;

    beforeAll(async () => {
      const port = await freePort();
      secure = `https://127.0.0.1:${port}`;
      encrypted = await GatewayHarness.start({ ...OAUTH_SETTINGS, OAUTH_URL: secure });
      encrypted.ports.oauthClients.registered.push({ ...implicitClient, redirectUris: [theirs] });
      const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }]);
      server = createTlsServer({ key, cert }, (request, response) => {
        encrypted.app.getHttpServer().emit('request', request, response);
      }).listen(port, '127.0.0.1');
    });
    // The browser is closed by then, and may still be ending.
    const removed = { recursive: true, force: true, maxRetries: 50 };
    afterEach(async () => {
      await context.close();
      rmSync(profile, removed);
    });
    afterAll(async () => {
      server.close();
      server.closeAllConnections();
      await encrypted.stop();
    });

    it.each(['cookies', 'no-cookies'] as const)(
      'renews where frames have cookies, and says at once that a login is required where they have none: %s',
      async (framed) => {
        profile = mkdtempSync(join(tmpdir(), 'login-page-'));
        context = await openProfile(profile, framed);
        const page = await context.newPage();
        const at = (prompt: string): string =>
          address({ response_type: 'token', client_id: implicitClient.id, prompt }).replace(ours, secure);
        const renew = async (): Promise<URLSearchParams> => {
          await page.goto(`${theirs}?frame=${encodeURIComponent(at('none'))}`);
          const frame = page.frames()[1];
          await frame?.waitForURL(`${theirs}*`);
          return new URLSearchParams(new URL(frame?.url() ?? '').hash.slice(1));
        };
        expect((await renew()).get('error')).toBe('login_required');
        await page.goto(at('login'));
        await logIn(page);
        await page.waitForURL(`${theirs}*`);
        const renewed = await renew();
        const token = renewed.get('access_token') ?? 'none';
        const { statusCode } = await encrypted.call('GET /accounts', { token });
        expect([renewed.get('error'), statusCode]).toEqual(
          framed === 'cookies' ? [null, 200] : ['login_required', 401],
        );
      },
    );
  });
});

/** Between the text of an element and what is painted beneath it. */
async function contrastOf(page: Page, selector: string): Promise<number> {
  const painted: string[] = await page.evaluate(`(() => {
    const element = document.querySelector(${JSON.stringify(selector)});
    const grounds = [];
    for (let each = element; each; each = each.parentElement) grounds.push(getComputedStyle(each).backgroundColor);
    return [getComputedStyle(element).color, ...grounds];
  })()`);
  const [ink = [], ...grounds] = painted.map((color) => (color.match(/[\d.]+/g) ?? []).map(Number));
  const ground = grounds.find(([, , , opacity]) => opacity !== 0) ?? [255, 255, 255];
  const [one, other] = [luminanceOf(ink), luminanceOf(ground)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

function luminanceOf(color: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = color
    .map((channel) => channel / 255)
    .map((channel) => (channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
