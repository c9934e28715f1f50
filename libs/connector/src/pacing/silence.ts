import { NOTHING, steadyClock, type Clock } from './clock.ts';

/** Tells when nothing was heard for so long, and again after as long: what is not silent need not be asked. */
export class Silence {
  private forget = NOTHING;

  constructor(
    private readonly ms: number,
    private readonly onSilence: () => void,
    private readonly clock: Clock = steadyClock,
  ) {
    this.heard();
  }

  heard(): void {
    this.forget();
    this.forget = this.clock.after(this.ms, () => {
      this.heard();
      this.onSilence();
    });
  }

  stop(): void {
    this.forget();
  }
}
