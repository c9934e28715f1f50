import type { CommandBody } from '@core/contracts/command';
import type { ActedOn } from '@core/contracts/events/operations';
import { Column, Entity, PrimaryColumn, type EntityManager } from 'typeorm';
import type { Uuid } from '@core/contracts/primitives';

/** What an operator did here, kept with what was done; the log has it from the moment on at which `isTold` is set. */
@Entity({ schema: 'registry', name: 'operator_act' })
export class OperatorAct {
  @PrimaryColumn('uuid', { name: 'act_id' }) actId: Uuid;
  /** In the order in which they were done. */
  @Column({ type: 'bigint', insert: false, update: false }) number: string;
  @Column('text') operator: string;
  @Column('text') note: string;
  @Column('text') what: ActedOn;
  @Column('text') target: string;
  @Column('text') action: string;
  /** Whose log is told. */
  @Column('text') cell: string;
  @Column('boolean', { name: 'is_told' }) isTold: boolean;
}

type ToldAct = CommandBody<'RecordAct'>['data'];

/** An act on what is known by its id or name, or on what is made by it. */
export type ActOn<Made> = Omit<ToldAct, 'actId' | 'target'> & {
  readonly target: string | ((made: Made) => string);
  /** Of an act that may be kept again: it is one act for all that. */
  readonly actId?: Uuid;
};

/** Most acts that are told at a time. */
const UNTOLD_MAX = 1_000;

/** What operators did, on its way to the log. */
export class OperatorActs {
  constructor(
    private readonly manager: EntityManager,
    private readonly cell: string,
  ) {}

  /** Once, however often it is kept. */
  async keep(act: ToldAct): Promise<void> {
    const kept = { ...act, cell: this.cell, isTold: false };
    await this.manager.createQueryBuilder().insert().into(OperatorAct).values(kept).orIgnore().execute();
  }

  /** Those that the log may not have yet, the oldest first. */
  async untold(): Promise<ToldAct[]> {
    const acts = await this.manager.find(OperatorAct, {
      where: { isTold: false, cell: this.cell },
      order: { number: 'asc' },
      take: UNTOLD_MAX,
    });
    return acts.map(({ actId, operator, note, what, target, action }) => ({
      ...{ actId, operator, note, what, target, action },
    }));
  }

  /** The log has it. */
  async told(actId: Uuid): Promise<void> {
    await this.manager.update(OperatorAct, { actId }, { isTold: true });
  }
}
