import { createServer } from 'node:net';
import { z } from 'zod';
import { jsonAs } from '@core/kernel/json-as';
import { fileText, writePrivate } from './files.ts';
import { reservePort } from './port-reservation.ts';

/** Below the ports that systems give to outgoing connections, so that a stopped server finds its port again. */
const FIRST = 20_000;
const LAST = 32_000;
const ATTEMPTS = 200;

const Ports = z.record(z.string(), z.int().min(1).max(65_535));

/** `fixed`: the ports people know by heart, an error when one is taken. `auto`: any free ones. `known`: only look. */
export type PortChoice = 'fixed' | 'auto' | 'known';

/** The wanted port belongs to another program. */
export class PortTaken extends Error {
  readonly code = 'port-taken';

  constructor(name: string, port: number) {
    super(`port ${port} (${name}) is taken by another program: stop it, or choose free ports with --ports auto`);
    this.name = 'PortTaken';
  }
}

/** Which port each server of a data folder has. Written down, so that the next start uses the same ones. */
export class PortBook {
  private readonly ports: Record<string, number>;

  /** Throws `UnreadableJson`. */
  constructor(
    private readonly file: string,
    private readonly choice: PortChoice,
  ) {
    this.ports = jsonAs(file, fileText(file) || '{}', Ports);
  }

  /** The port a server had last time. */
  known(name: string): number | undefined {
    return this.ports[name];
  }

  /** A port to listen on now: last time's, else `usual` or any free one. Throws `PortTaken` unless any will do. */
  async claim(name: string, usual: number): Promise<number> {
    const wanted = this.ports[name] ?? (this.choice === 'auto' ? this.free() : usual);
    if (this.choice === 'known') return wanted;
    if (await this.isOurs(name, wanted)) return this.remember(name, wanted);
    if (this.choice === 'fixed') throw new PortTaken(name, wanted);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const port = this.free();
      if (await this.isOurs(name, port)) return this.remember(name, port);
    }
    throw new Error(`no free port between ${FIRST} and ${LAST} for ${name}`);
  }

  /** One that no other system has chosen and does not listen on yet. */
  private async isOurs(name: string, port: number): Promise<boolean> {
    return reservePort(port, `${name} of ${this.file}`) && (await isFree(port));
  }

  private free(): number {
    const used = new Set(Object.values(this.ports));
    let port = FIRST;
    do port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    while (used.has(port));
    return port;
  }

  private remember(name: string, port: number): number {
    this.ports[name] = port;
    writePrivate(this.file, `${JSON.stringify(this.ports, null, 2)}\n`);
    return port;
  }
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
