import { parse } from 'yaml';
import { asyncApiSections, type AsyncApi } from './asyncapi-html.ts';
import { escaped } from './html.ts';
import { markdownHtml } from './markdown-html.ts';
import { openApiSections, type OpenApi } from './openapi-html.ts';
import type { PageSection } from './page-section.ts';

interface Described {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
}

/** A page of everything that a document says, without scripts and without anything from elsewhere. */
export function documentPage(yaml: string): string {
  const document = parse(yaml) as Described & (OpenApi | AsyncApi);
  const isHttp = 'paths' in document;
  const sections = isHttp ? openApiSections(document) : asyncApiSections(document);
  const { title, version, description } = document.info;
  const kind = isHttp ? 'openapi' : 'asyncapi';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<nav aria-label="Contents">${sections.map(contentsHtml).join('\n')}</nav>
<main>
<h1>${escaped(title)}</h1>
<p>Version ${escaped(version)}. For machines: <a href="/docs/${kind}.yaml">YAML</a>, <a href="/docs/${kind}.json">JSON</a>.</p>
${markdownHtml(description)}
${sections.map(sectionHtml).join('\n')}
</main>
</body>
</html>
`;
}

const contentsHtml = ({ title, parts }: PageSection): string =>
  `<h2>${escaped(title)}</h2><ul>${parts.map(({ name, id }) => `<li><a href="#${id}">${escaped(name)}</a></li>`).join('')}</ul>`;

const sectionHtml = ({ title, parts }: PageSection): string =>
  `<h2>${escaped(title)}</h2>\n${parts.map(({ name, id, html }) => `<section id="${id}" aria-label="${escaped(name)}">\n<h3>${escaped(name)}</h3>\n${html}\n</section>`).join('\n')}`;
