import { code, escaped, tableHtml } from './html.ts';

/** The Markdown that our documents are written in: paragraphs, headings, tables, code, links, strong words. */
export const markdownHtml = (text: string): string =>
  text
    .trim()
    .split(/\n{2,}/)
    .map(blockHtml)
    .join('\n');

function blockHtml(block: string): string {
  const heading = /^#{2,6} (.*)$/.exec(block);
  if (heading) return `<h3>${inline(heading[1] ?? '')}</h3>`;
  if (!block.startsWith('|')) return `<p>${inline(block)}</p>`;
  const [head = [], , ...rows] = block.split('\n').map(cellsOf);
  return tableHtml(
    head.join(', '),
    head.map(inline),
    rows.map((row) => row.map(inline)),
  );
}

const cellsOf = (line: string): string[] =>
  line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());

/** Words within a line. What stands in code is not read any further. */
export const inline = (text: string): string =>
  text
    .split(/(`[^`]+`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? code(part.slice(1, -1)) : marked(escaped(part))))
    .join('');

const marked = (html: string): string =>
  html
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replace(/\[([^\]]+)\]\((https:[^)\s]+)\)/g, '<a href="$2">$1</a>')
    .replace(/\[([^\]]+)\]\([^)\s]+\)/g, '$1');
