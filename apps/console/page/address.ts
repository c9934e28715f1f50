import { computed, signal } from '@preact/signals';

const current = signal(location.pathname + location.search);

/** Which page the address names. */
export const path = computed(() => new URL(current.value, location.origin).pathname);

/** What the address says beside the page: filters, moments. */
export const query = computed(() => new URL(current.value, location.origin).searchParams);

/** Goes to an address of ours, as a link does; `replace` leaves no step to go back to. */
export function go(to: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  current.value = location.pathname + location.search;
}

/** The same page with some of its query otherwise; what is null goes. */
export function withQuery(changes: Readonly<Record<string, string | null>>): string {
  const changed = new URLSearchParams(query.value);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) changed.delete(name);
    else changed.set(name, value);
  }
  const text = changed.toString();
  return text === '' ? path.value : `${path.value}?${text}`;
}

/** Links to our own pages are followed without loading them anew; the browser keeps its ways for all others. */
export function followLinks(): void {
  addEventListener('popstate', () => (current.value = location.pathname + location.search));
  addEventListener('click', (event) => {
    const link = (event.target as Element | null)?.closest?.('a[href]');
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || event.button !== 0) return;
    if (
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey ||
      link.target ||
      link.hasAttribute('download')
    )
      return;
    if (link.origin !== location.origin || link.getAttribute('href')?.startsWith('#')) return;
    event.preventDefault();
    go(link.pathname + link.search);
    scrollTo(0, 0);
  });
}
