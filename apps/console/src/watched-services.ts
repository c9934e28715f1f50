import type { ServiceAddress } from '@core/operations/service-standing';

/** `name=http://host:port` of each service; throws where one is none. */
export const watched = (services: readonly string[]): readonly ServiceAddress[] =>
  services.map((text) => {
    const [, name = '', url = ''] = /^([a-z0-9-]+)=(https?:\/\/[^\s/]+)\/?$/.exec(text) ?? [];
    if (name === '') throw new Error(`WATCH_SERVICES holds name=http://host:port of each service, not ${text}`);
    return { name, url };
  });
