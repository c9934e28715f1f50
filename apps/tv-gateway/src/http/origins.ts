/** Whether browsers may call from `origin`; `https://*.example.com` allows every subdomain, however deep. */
export function originMatcher(allowed: readonly string[]): (origin: string) => boolean {
  const exact = new Set(allowed.filter((each) => !each.includes('*')));
  const subdomains = allowed.filter((each) => each.includes('*')).map(subdomainPattern);
  return (origin) => exact.has(origin) || subdomains.some((pattern) => pattern.test(origin));
}

function subdomainPattern(allowed: string): RegExp {
  const [scheme = '', domain = ''] = allowed.split('*.');
  return new RegExp(`^${escaped(scheme)}(?:[a-z0-9-]+\\.)+${escaped(domain)}$`);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
