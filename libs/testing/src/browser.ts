import { CHROMIUM_ARGUMENTS, chromiumBinary } from '@core/machine/chromium';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions } from 'playwright-core';
import { PATIENCE_MS } from './until.ts';

const binary = chromiumBinary();

const EXECUTABLE = binary === null ? {} : { executablePath: binary };

/** Specs that need a browser; where this machine has none they are skipped, which `npm test` says at its end. */
export const describeInBrowser: jest.Describe = binary === null ? describe.skip : describe;

/** Debian's Chromium, one for all the specs of a file. Whoever opens it closes it. */
export const openBrowser = (): Promise<Browser> => chromium.launch({ args: CHROMIUM_ARGUMENTS, ...EXECUTABLE });

const patient = (context: BrowserContext): BrowserContext => {
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
};

/** Somebody's own cookies and pages; what a page waits for is awaited as long as anything else in a spec. */
export const openContext = async (browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> =>
  patient(await browser.newContext(options));

/**
 * The browser of somebody who lets sites that stand in frames of others have their cookies, or does not: Debian's default
 * is not to. It keeps its profile in an empty folder, and believes any certificate. Whoever opens it closes it.
 */
export async function openProfile(folder: string, framed: 'cookies' | 'no-cookies'): Promise<BrowserContext> {
  const isBlocked = framed === 'no-cookies';
  const profile = { block_third_party_cookies: isBlocked, cookie_controls_mode: Number(isBlocked) };
  mkdirSync(join(folder, 'Default'));
  writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify({ profile }));
  const options = { args: CHROMIUM_ARGUMENTS, ignoreHTTPSErrors: true, ...EXECUTABLE };
  return patient(await chromium.launchPersistentContext(folder, options));
}
