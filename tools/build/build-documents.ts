import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../check/command.ts';
import { replace } from './bundle.ts';
import { documentPage } from './document-page/document-page.ts';

/** What describes an app to those who write clients of it. */
const documentOf = (app: string): string =>
  join(ROOT, 'docs', app === 'ws-session' ? 'websocket.asyncapi.yaml' : `${app}.openapi.yaml`);

/** The document that describes an app, where there is one: as a page, and for machines. */
export async function buildDocuments(app: string, to: string): Promise<void> {
  const path = documentOf(app);
  if (!existsSync(path)) return;
  const [yaml, style] = await Promise.all([
    readFile(path, 'utf8'),
    readFile(join(ROOT, 'tools/build/document-page/style.css'), 'utf8'),
  ]);
  const kind = path.endsWith('asyncapi.yaml') ? 'asyncapi' : 'openapi';
  await Promise.all([
    replace(join(to, 'index.html'), documentPage(yaml)),
    replace(join(to, 'style.css'), style),
    replace(join(to, `${kind}.yaml`), yaml),
    replace(join(to, `${kind}.json`), JSON.stringify(parse(yaml))),
  ]);
}
