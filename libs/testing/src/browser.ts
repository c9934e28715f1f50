import { chromiumBinary } from '@core/machine/chromium';
import { chromium, type Browser } from 'playwright-core';

const binary = chromiumBinary();

/** No telephone calls home, no profile, no sandbox: it shows our own pages, and may run as root. */
const ARGUMENTS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** Specs that need a browser; where this machine has none they are skipped, which `npm test` says at its end. */
export const describeInBrowser: jest.Describe = binary === null ? describe.skip : describe;

/** Debian's Chromium, one for all the specs of a file. Whoever opens it closes it. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ args: ARGUMENTS, ...(binary === null ? {} : { executablePath: binary }) });
