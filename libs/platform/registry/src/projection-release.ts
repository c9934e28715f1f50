import { Column, Entity, PrimaryColumn, type EntityManager } from 'typeorm';

/** What an operator decided of the projection of an edge. Kept for ever: it says what was served when. */
@Entity({ schema: 'registry', name: 'projection_release' })
export class ProjectionRelease {
  /** In the order of the decisions. */
  @PrimaryColumn('bigint', { transformer: { from: Number, to: (value: number) => value } }) number: number;
  /** Where it was decided, and holds. */
  @Column('text') cell: string;
  /** The app whose projection it is. */
  @Column('text') owner: string;
  @Column('text') name: string;
  @Column('integer') version: number;
  @Column('integer') build: number;
  @Column('text') act: 'build' | 'serve' | 'discard';
  @Column('text') operator: string;
  @Column('text') note: string;
  @Column('timestamptz', { name: 'decided_at' }) decidedAt: Date;
}

type DecidedRelease = Omit<ProjectionRelease, 'cell'>;

export type NewProjectionRelease = Omit<ProjectionRelease, 'number' | 'cell' | 'decidedAt'>;

/** Which versions of projections edges serve. */
export class ProjectionReleases {
  constructor(
    private readonly manager: EntityManager,
    private readonly cell: string,
  ) {}

  /** Of one edge, or of all, in their order. */
  async decisions(owner?: string): Promise<DecidedRelease[]> {
    const decided = await this.manager.find(ProjectionRelease, {
      where: { cell: this.cell, ...(owner === undefined ? {} : { owner }) },
      order: { number: 'asc' },
    });
    return decided.map(({ cell: _, ...decision }) => decision);
  }

  async decide({ owner, name, version, build, act, operator, note }: NewProjectionRelease): Promise<void> {
    await this.manager.query(
      `insert into registry.projection_release (cell, owner, name, version, build, act, operator, note)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [this.cell, owner, name, version, build, act, operator, note],
    );
  }
}
