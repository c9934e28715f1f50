import { endpointsIn } from '../../start/endpoints.ts';
import { BadInput } from '../bad-input.ts';
import { addressesOf, OperatedSystem } from '../system.ts';
import { resolve } from 'node:path';

/** Cells that an operator reaches from here; each is opened when it is asked for. */
export class CellsAtHand {
  private readonly opened = new Map<string, OperatedSystem>();

  /** `folder` is the data folder as it was named, of one cell or of several; without it and with DATABASE_URL the environment says. */
  constructor(
    private readonly folder: string | undefined,
    private readonly env: NodeJS.ProcessEnv,
    private readonly asked: string | undefined,
  ) {}

  /** Any of them: the registry is the same in all. */
  any(): OperatedSystem {
    const [first] = this.namesInFolder();
    if (first !== undefined) return this.of(this.asked ?? first);
    return this.open(this.asked ?? this.env.CELL ?? '', addressesOf(this.folder, this.env, this.asked));
  }

  /** Throws `BadInput` for one whose database nobody named here. */
  of(cell: string): OperatedSystem {
    const known = this.opened.get(cell);
    if (known) return known;
    if (this.namesInFolder().includes(cell)) return this.open(cell, addressesOf(this.folder, this.env, cell));
    const prefix = `CELL_${cell.toUpperCase()}_`;
    const isAsked = cell === this.env.CELL;
    const databaseUrl = this.env[`${prefix}DATABASE_URL`] ?? (isAsked ? this.env.DATABASE_URL : undefined);
    const natsUrl = this.env[`${prefix}NATS_URL`] ?? (isAsked ? this.env.NATS_URL : undefined);
    if (!databaseUrl || !natsUrl)
      throw new BadInput(`where is cell ${cell}? set ${prefix}DATABASE_URL and ${prefix}NATS_URL`);
    const env = { ...this.env, CELL: cell, DATABASE_URL: databaseUrl, NATS_URL: natsUrl };
    return this.open(cell, addressesOf(undefined, env));
  }

  async close(): Promise<void> {
    for (const system of this.opened.values()) await system.close();
  }

  private open(cell: string, addresses: ConstructorParameters<typeof OperatedSystem>[0]): OperatedSystem {
    const system = this.opened.get(cell) ?? new OperatedSystem(addresses);
    this.opened.set(cell, system);
    return system;
  }

  private namesInFolder(): readonly string[] {
    if (this.folder === undefined && this.env.DATABASE_URL) return [];
    return endpointsIn(resolve(this.folder ?? '.data'))?.cells ?? [];
  }
}
