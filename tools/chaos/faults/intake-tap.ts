import { subscribe } from '@core/bus/subscribe';
import { jetStreams } from '@core/contracts/subjects';
import type { NatsConnection } from 'nats';

const KEPT = 40;

/** Hears what goes into the intake, to say it again. */
export class IntakeTap {
  private readonly heard: { readonly subject: string; readonly data: Uint8Array }[] = [];

  constructor(private readonly nats: NatsConnection) {
    for (const intake of jetStreams.intake.subjects)
      subscribe(nats, intake, ({ subject, data }) => {
        this.heard.push({ subject, data });
        if (this.heard.length > KEPT) this.heard.shift();
      });
  }

  /** What came last comes again, the latest first. */
  repeatBackwards(): void {
    for (const { subject, data } of this.heard.toReversed()) this.nats.publish(subject, data);
  }
}
