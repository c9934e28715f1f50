import { Controller, Get } from '@nestjs/common';
import { RunningSimulator } from '../running.ts';
import { connectionView, journalView, priceView } from './views.ts';

const TRADES_SHOWN = 100;

/** What its page shows at once. */
@Controller('control')
export class StandingController {
  constructor(private readonly running: RunningSimulator) {}

  /** Prices, faults in force, open connections, and the last trades that were asked for, the newest first. */
  @Get('standing')
  standing() {
    const { simulator } = this.running;
    const trades = simulator.journal.all().slice(-TRADES_SHOWN).toReversed();
    return {
      prices: [...simulator.market.all()].map(priceView),
      faults: simulator.faults.list(),
      connections: [...simulator.connections.all()].map(connectionView),
      trades: trades.map((entry) => journalView(simulator, entry)),
    };
  }
}
