import type { SimulatorAnswer } from '../../src/simulator.controller.ts';
import { useAnswer } from '../answer.ts';
import { Card } from '../parts/card.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { Faults } from './faults.tsx';
import type { OfControl } from './of-control.ts';
import { PriceTable } from './price-table.tsx';
import { TradeTable } from './trade-table.tsx';
import { Traffic } from './traffic.tsx';

const EVERY_MS = 1_000;

/** A human’s hand at the simulated broker: prices, what goes wrong, and what passes on its wires. */
export function SimulatorPage({ at }: OfControl) {
  const { answer, error } = useAnswer<SimulatorAnswer>(`${at}/standing`, { everyMs: EVERY_MS });
  return (
    <PageFrame
      title="Simulator"
      about="the simulated broker; what is done here is done to it alone, and is in no log"
      error={error}
      isEmpty={answer === null}
    >
      {answer && (
        <>
          <div class="columns">
            <Card title="Prices" aside="a held one moves only by hand">
              <PriceTable at={at} prices={answer.prices} />
            </Card>
            <Card title="What goes wrong" aside="by its number among the faults of real servers">
              <Faults at={at} faults={answer.faults} />
            </Card>
          </div>
          <Card title="Traffic" aside="→ to the broker, ← to the client; kept while somebody looks">
            <Traffic at={at} connections={answer.connections} />
          </Card>
          <Card title="Journal" aside="every trade that reached the broker">
            <TradeTable trades={answer.trades} />
          </Card>
        </>
      )}
    </PageFrame>
  );
}
