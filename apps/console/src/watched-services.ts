import { numbered } from '@core/operations/service-readiness';
import type { ServiceAddress } from '@core/operations/service-standing';

/** `name=http://host:port` of each process, a service with several as often as it has; throws where one is none. */
export const watched = (services: readonly string[]): readonly ServiceAddress[] =>
  numbered(
    services.map((text) => {
      const [, name = '', url = ''] = /^([a-z0-9-]+)=(https?:\/\/[^\s/]+)\/?$/.exec(text) ?? [];
      if (name === '') throw new Error(`WATCH_SERVICES holds name=http://host:port of each process, not ${text}`);
      return { name, url };
    }),
  );
