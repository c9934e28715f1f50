import { HttpException, Injectable, NotFoundException, ServiceUnavailableException } from '@nestjs/common';
import { z } from 'zod';
import { SimulatorSettings } from './config.ts';

/** Most that a simulator may take for an answer. */
const TIMEOUT_MS = 5_000;

const Refused = z.object({ error: z.string().optional(), message: z.string().optional() });

interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: object;
}

/** The control port of the simulated broker, where there is one. What it refuses is refused here, in its words. */
@Injectable()
export class SimulatorControl {
  constructor(private readonly settings: SimulatorSettings) {}

  get isThere(): boolean {
    return this.settings.control !== undefined;
  }

  async ask<Shape extends z.ZodType>(
    shape: Shape,
    path: string,
    { method = 'GET', body }: Asked = {},
  ): Promise<z.output<Shape>> {
    const { control } = this.settings;
    if (control === undefined) throw new NotFoundException('there is no simulator here');
    const response = await fetch(`${control}/control/${path}`, {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    }).catch(() => {
      throw new ServiceUnavailableException('the simulator does not answer');
    });
    const said: unknown = await response.json();
    if (response.ok) return shape.parse(said);
    const { error, message } = Refused.parse(said);
    throw new HttpException(message ?? error ?? 'the simulator refused', response.status);
  }
}
