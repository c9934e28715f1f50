// A browser that is logged in to the console, and what everybody is owed who looks at it.
import { openBrowser, openContext } from '@core/testing/browser';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page, Response as PageResponse } from 'playwright-core';
import type { ConsoleHarness } from './console-harness.fixture.ts';

/** A desk and a telephone, by day and by night. */
export const SIGHTS = [
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
  { width: 390, colorScheme: 'light' },
  { width: 390, colorScheme: 'dark' },
] as const;
type Sight = (typeof SIGHTS)[number];

interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

export class ConsoleBrowser {
  /** What a browser complained of, and what broke on a page. */
  readonly complaints: string[] = [];
  private readonly pending: Promise<void>[] = [];

  private constructor(
    private readonly browser: Browser,
    private readonly context: BrowserContext,
    readonly page: Page,
    private readonly harness: ConsoleHarness,
  ) {
    page.on('response', (response) => void this.pending.push(this.hear(response)));
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()));
    page.on('pageerror', ({ message }) => this.complaints.push(message));
  }

  /** By a link, as an operator comes in. */
  static async open(harness: ConsoleHarness): Promise<ConsoleBrowser> {
    const browser = await openBrowser();
    const context = await openContext(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    const opened = new ConsoleBrowser(browser, context, page, harness);
    await page.goto(await harness.link());
    return opened;
  }

  async look({ width, colorScheme }: Sight): Promise<void> {
    await this.page.setViewportSize({ width, height: 900 });
    await this.page.emulateMedia({ colorScheme });
  }

  /** Goes there, and waits until the page shows what it has read. */
  async visit(path: string): Promise<void> {
    await this.page.goto(`${this.harness.url}${path}`);
    await this.page.locator('main h1').waitFor();
    await this.page.locator('.waiting').first().waitFor({ state: 'detached' });
  }

  /** What keeps somebody from reading it who sees badly, hears it, or has no mouse. */
  async barriers(): Promise<readonly string[]> {
    await this.page.evaluate(axe.source);
    const { violations } = (await this.page.evaluate('axe.run(document)')) as AxeResults;
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }

  /** How many pixels it is wider than its window. */
  overhang(): Promise<number> {
    return this.page.evaluate('Math.max(0, document.documentElement.scrollWidth - innerWidth)');
  }

  /** Addresses of our own that the page leads to. */
  links(): Promise<readonly string[]> {
    return this.page.evaluate(
      `[...document.querySelectorAll('a[href]')].filter((a) => a.origin === location.origin && a.getAttribute('href')[0] !== '#' && !a.hasAttribute('download')).map((a) => a.pathname + a.search)`,
    );
  }

  /** What the page is answered is held to the document too; what it did not wait for cannot be. */
  private async hear(response: PageResponse): Promise<void> {
    const headers = new Headers(response.headers());
    const text = (): Promise<string> => response.text().catch(() => 'null');
    const status = response.status();
    if (status === 304 || !headers.get('content-type')?.startsWith('application/json')) return;
    const body = await text();
    const answer = { status, headers, text: async () => body };
    if (body !== 'null') await this.harness.hear(response.request().method(), response.url(), answer);
  }

  async close(): Promise<void> {
    await Promise.all(this.pending);
    await this.context.close();
    await this.browser.close();
  }
}
