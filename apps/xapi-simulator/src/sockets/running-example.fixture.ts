import { loadConfig } from '@core/service/load-config';
import { simulatorConfig } from '../config.ts';
import { RunningSimulator } from '../running.ts';

/** A simulator on real sockets and free ports; prices stand still. Whoever starts it stops it. */
export async function startExample(environment: Readonly<Record<string, string>>): Promise<RunningSimulator> {
  const behaviour = JSON.stringify({ market: { restlessness: 0 } });
  const config = loadConfig(simulatorConfig, { SIMULATOR_KNOBS: behaviour, ...environment });
  const running = new RunningSimulator(config.service, config.sockets, config.broker, config.certificate);
  await running.start();
  return running;
}
