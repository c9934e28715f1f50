import { existsSync } from 'node:fs';

const USUAL_PLACES = [
  ...['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'],
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** No telephone calls home, no profile, no sandbox: it shows our own pages, and may run as root. */
export const CHROMIUM_ARGUMENTS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** What a person does about a machine without a browser. */
export const HOW_TO_GET_CHROMIUM = 'apt-get install chromium, or CHROMIUM=<path of a Chromium or Chrome>';

/** The browser of this machine: `CHROMIUM`, or where it usually is; null where there is none. */
export function chromiumBinary(): string | null {
  const named = process.env['CHROMIUM'];
  if (named) return named;
  return USUAL_PLACES.find((place) => existsSync(place)) ?? null;
}
