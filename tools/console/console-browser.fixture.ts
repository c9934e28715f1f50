// A browser that is logged in to the console, and what everybody is owed who looks at it.
import { openBrowser, openContext } from '@core/testing/browser';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page, Response as PageResponse } from 'playwright-core';
import type { HeardAnswer } from './console-harness.fixture.ts';

interface Sight {
  readonly width: number;
  readonly colorScheme: 'light' | 'dark';
}

export const DESK_BY_DAY: Sight = { width: 1280, colorScheme: 'light' };
export const TELEPHONE_BY_NIGHT: Sight = { width: 390, colorScheme: 'dark' };

/** What width and colours can break on a page that is whole otherwise. */
const OF_A_SIGHT = ['color-contrast', 'scrollable-region-focusable', 'target-size'];

interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** A running console. */
interface Visited {
  readonly url: string;
  link(): Promise<string>;
  /** Whatever the page was answered in JSON. */
  hear?(method: string, path: string, answer: HeardAnswer): Promise<void>;
}

export class ConsoleBrowser {
  /** What a browser complained of, and what broke on a page. */
  readonly complaints: string[] = [];
  private readonly pending: Promise<void>[] = [];

  private constructor(
    private readonly browser: Browser,
    private readonly context: BrowserContext,
    readonly page: Page,
    private readonly harness: Visited,
  ) {
    page.on('response', (response) => void this.pending.push(this.hear(response)));
    page.on(
      'console',
      (message) => message.type() === 'error' && this.complaints.push(`${message.text()} ${message.location().url}`),
    );
    page.on('pageerror', ({ message }) => this.complaints.push(message));
  }

  /** By a link, as an operator comes in. */
  static async open(harness: Visited): Promise<ConsoleBrowser> {
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

  /** Comes by this address from outside, and waits until the page shows what it has read. */
  async arrive(path: string): Promise<void> {
    await this.page.goto(`${this.harness.url}${path}`);
    await this.shown();
  }

  /** Goes there as a link of the page does, which loads nothing anew: a tenth of the work. */
  async visit(path: string): Promise<void> {
    if (!this.page.url().startsWith(this.harness.url)) return this.arrive(path);
    const gone = `history.pushState(null, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'))`;
    await this.page.evaluate(`${gone}; new Promise((drawn) => requestAnimationFrame(drawn))`);
    await this.shown();
  }

  private async shown(): Promise<void> {
    await this.page.locator('main h1').waitFor();
    await this.page.locator('.waiting').first().waitFor({ state: 'detached' });
  }

  /** What keeps somebody from reading it who sees badly, hears it, or has no mouse; `of` a sight: what is its own. */
  async barriers(of: 'everything' | 'a sight' = 'everything'): Promise<readonly string[]> {
    if (await this.page.evaluate('typeof axe === "undefined"')) await this.page.evaluate(axe.source);
    const rules = of === 'everything' ? {} : { runOnly: OF_A_SIGHT };
    const asked = JSON.stringify({ ...rules, resultTypes: ['violations'] });
    const { violations } = (await this.page.evaluate(`axe.run(document, ${asked})`)) as AxeResults;
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }

  /** What the page says below its head: what it shows, or why it cannot. */
  async said(): Promise<string> {
    const below = `[...document.querySelectorAll('main > :not(.page-head)')].map((part) => part.innerText.trim())`;
    return this.page.evaluate<string>(`${below}.filter(Boolean).join(' ')`);
  }

  /** How many pixels it is wider than its window. */
  overhang(): Promise<number> {
    return this.page.evaluate('Math.max(0, document.documentElement.scrollWidth - innerWidth)');
  }

  /** Names of the tables that do not show all of their columns at once. */
  cutOff(): Promise<readonly string[]> {
    return this.page.evaluate(
      `[...document.querySelectorAll('.scroll')].filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.getAttribute('aria-label'))`,
    );
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
    if (body !== 'null') await this.harness.hear?.(response.request().method(), response.url(), answer);
  }

  async close(): Promise<void> {
    await Promise.all(this.pending);
    await this.context.close();
    await this.browser.close();
  }
}
