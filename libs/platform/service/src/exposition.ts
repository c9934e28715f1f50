import { Registry, type RegistryContentType } from 'prom-client';

export interface ExposedFigures {
  readonly type: string;
  readonly body: string;
}

/**
 * A process's figures in the form that whoever asks can read: exemplars, which lead from a figure to a trace, are in
 * OpenMetrics alone. A registry has one form at a time, so they are written one after the other.
 */
export class Exposition {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly registry: Registry<RegistryContentType>) {}

  /** `accept` is the header of that name. */
  figures(accept: string | undefined): Promise<ExposedFigures> {
    const isOpen = accept?.includes('application/openmetrics-text') === true;
    const figures = this.last.then(async () => {
      this.registry.setContentType(isOpen ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE);
      return { type: this.registry.contentType, body: await this.registry.metrics() };
    });
    this.last = figures.catch(() => undefined);
    return figures;
  }
}
