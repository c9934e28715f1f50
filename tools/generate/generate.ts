import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ROOT } from '../check/command.ts';
import { asyncApi } from './asyncapi.ts';
import { cellUpstreamsFile } from './cell-upstreams.ts';
import { configuration } from './configuration.ts';
import { errorCatalogue } from './error-catalogue.ts';
import { eventCatalogue } from './event-catalogue.ts';
import { contentOf, type GeneratedFile } from './generated-file.ts';
import { brokenGoldens, goldens } from './golden.ts';
import { natsAuthorizationFile } from './nats-authorization.ts';
import { openApis } from './openapi.ts';
import { runbook } from './runbook.ts';
import { websocketApi } from './websocket-api.ts';
import { writtenFile } from './written-events.ts';

/** What follows the code: whatever documents hold is replaced, and what was ever written is added to. */
async function documents(): Promise<readonly GeneratedFile[]> {
  const all = [
    eventCatalogue(),
    errorCatalogue(),
    asyncApi(),
    websocketApi(),
    ...openApis(),
    configuration(),
    runbook(),
  ];
  const options = await resolveConfig(join(ROOT, 'README.md'));
  const formatted = all.map(async ({ path, text }) => ({
    path,
    text: await format(text, { ...options, filepath: path }),
  }));
  return [...(await Promise.all(formatted)), natsAuthorizationFile(), cellUpstreamsFile(), writtenFile()];
}

/** Generated files that are missing or out of date. */
export async function stale(): Promise<readonly string[]> {
  const expected = [...goldens().filter(({ path }) => contentOf(path) === ''), ...(await documents())];
  const late = expected.filter(({ path, text }) => contentOf(path) !== text);
  return [...brokenGoldens(), ...late.map(({ path }) => `${path} is out of date: npm run generate`)];
}

/** Writes what is missing or out of date, except goldens that exist: those are frozen. Returns the written paths. */
export async function generate(): Promise<readonly string[]> {
  const missing = goldens().filter(({ path }) => contentOf(path) === '');
  const files = [...missing, ...(await documents())].filter(({ path, text }) => contentOf(path) !== text);
  for (const { path, text } of files) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
  return files.map(({ path }) => path);
}
