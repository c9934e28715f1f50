/** Text as it may stand in HTML, between tags and in an attribute. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

export const code = (text: string): string => `<code>${escaped(text)}</code>`;

/** A name as part of an address within the page. */
export const anchor = (...parts: readonly string[]): string =>
  parts.map((part) => part.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '')).join('-');

/** Cells are HTML. A table that is wider than its page is scrolled, by the keyboard too. */
export const tableHtml = (label: string, head: readonly string[], rows: readonly (readonly string[])[]): string => `
<div class="wide" role="region" tabindex="0" aria-label="${escaped(label)}"><table>
<thead><tr>${head.map((cell) => `<th scope="col">${cell}</th>`).join('')}</tr></thead>
<tbody>${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n')}</tbody>
</table></div>`;
