import { Gauge, type Registry } from 'prom-client';

/** Shows as figures what a service keeps for so many days only, and when it last took away whatever is older. */
export class KeptDays {
  private readonly clearedAt: Gauge<'what'>;

  constructor(
    registry: Registry,
    /** Days, by what people call what is kept. */
    private readonly days: Readonly<Record<string, number>>,
  ) {
    const of = { labelNames: ['what' as const], registers: [registry] };
    const kept = new Gauge({ name: 'kept_days', help: 'For how many days this is kept', ...of });
    this.clearedAt = new Gauge({
      name: 'kept_cleared_seconds',
      help: 'When what is older was last taken away, in seconds since the epoch; 0 where this process has not yet',
      ...of,
    });
    for (const [what, number] of Object.entries(days)) {
      kept.set({ what }, number);
      this.clearedAt.set({ what }, 0);
    }
  }

  /** What is older than its days is gone. */
  cleared(): void {
    for (const what of Object.keys(this.days)) this.clearedAt.set({ what }, Date.now() / 1_000);
  }
}
