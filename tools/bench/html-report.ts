import { STYLE } from './report-style.ts';
import { holdsFloor, readable, type Row } from './row.ts';

const BAR = 9;
const GAP = 3;
const HEIGHT = 2 * BAR + GAP;

/** A run of everything, as it is kept. */
export interface Results {
  readonly commit: string;
  readonly machine: string;
  readonly measuredAt: string;
  readonly rows: readonly Row[];
}

/** The whole table as one page that needs nothing else: a chart for each row, and what holds its floor. */
export function htmlReport({ commit, machine, measuredAt, rows }: Results): string {
  const promised = rows.filter(({ floor }) => floor !== null);
  const missed = promised.filter((row) => !holdsFloor(row));
  const groups = [...new Set(rows.map(groupOf))];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Benchmarks</title>
<style>${STYLE}</style>
<main>
<h1>Benchmarks</h1>
<p>${text(measuredAt)}, commit ${text(commit)}, ${text(machine)}.</p>
<p><strong>${promised.length - missed.length} of ${promised.length} floors are held.</strong>${
    missed.length === 0 ? '' : ` Below: ${missed.map(linkTo).join(', ')}.`
  }</p>
<p class="key"><span class="ours"></span> ours <span class="limit"></span> the raw limit of the same run, or what is
promised <span class="floor"></span> what ours must reach. A ratio is ours to the limit, and higher is better whatever the unit.</p>
<nav>${groups.map((group) => `<a href="#${text(group)}">${text(group)}</a>`).join(' ')}</nav>
${groups
  .map((group) =>
    section(
      group,
      rows.filter((row) => groupOf(row) === group),
    ),
  )
  .join('\n')}
</main>
</html>
`;
}

const groupOf = ({ id }: Row): string => id.split('.', 1)[0] ?? id;

const linkTo = ({ id }: Row): string => `<a href="#${text(id)}">${text(id)}</a>`;

const section = (group: string, rows: readonly Row[]): string =>
  `<section id="${text(group)}"><h2>${text(group)}</h2>\n${rows.map(article).join('\n')}\n</section>`;

function article(row: Row): string {
  const { id, what, value, unit, limit, ratio, floor } = row;
  const verdict = floor === null ? '' : ` <em>${holdsFloor(row) ? 'holds' : 'misses'} ${floor.toFixed(2)}</em>`;
  const told = ratio === null ? '' : `<span class="ratio">${ratio.toFixed(2)}${verdict}</span>`;
  const figures =
    `<b>${readable(value)} ${text(unit)}</b>` + (limit === null ? '' : ` : ${readable(limit)} ${text(unit)}`);
  return `<article id="${text(id)}"${holdsFloor(row) ? '' : ' class="missed"'}>
<h3>${text(id)}</h3>${told}
<p>${text(what)}</p>${chart(row)}
<p class="figures">${figures}</p>
</article>`;
}

/** Ours and the limit as bars of one scale, and where ours must be as a line; nothing where there is nothing beside. */
function chart({ id, value, limit, bound }: Row): string {
  if (limit === null) return '';
  const most = Math.max(value, limit, bound ?? 0) || 1;
  const part = (of: number): string => ((Math.max(0, of) / most) * 100).toFixed(2);
  const line =
    bound === null ? '' : `<line x1="${part(bound)}" x2="${part(bound)}" y1="0" y2="${HEIGHT}" class="floor"/>`;
  return `<svg viewBox="0 0 100 ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${text(id)}: ours and the limit">
<rect width="${part(value)}" height="${BAR}" class="ours"/><rect y="${BAR + GAP}" width="${part(limit)}" height="${BAR}" class="limit"/>${line}</svg>`;
}

const NAMES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const text = (plain: string): string => plain.replace(/[&<>"]/g, (character) => NAMES[character] ?? character);
