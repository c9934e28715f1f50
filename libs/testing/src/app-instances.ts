import { present } from '@core/kernel/present';
import { AppProcess } from '@core/machine/app-process';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

export interface AppInstance {
  readonly port: number;
  readonly app: AppProcess;
}

/** Several processes of one app, run as somebody runs them: whichever ends is started again at once. */
export class AppInstances {
  private isOver = false;

  private constructor(private readonly instances: readonly AppInstance[]) {
    for (const { app } of instances) void this.keepRunning(app);
  }

  /** Each with a `PORT` of its own. */
  static async launch(name: string, count: number, env: Readonly<Record<string, string>>): Promise<AppInstances> {
    const instances: AppInstance[] = [];
    for (let n = 0; n < count; n += 1) {
      const [port, opsPort] = [await freePort(), await freePort()];
      instances.push({ port, app: new AppProcess({ name, opsPort, env: { ...env, PORT: String(port) } }) });
    }
    return new AppInstances(instances);
  }

  /** The next one after the nth that is there: whoever was killed is started again meanwhile. */
  async living(n: number): Promise<AppInstance> {
    const { instances } = this;
    const inTurn = instances.map((_, next) => present(instances[(n + next) % instances.length], 'there is one'));
    const found: AppInstance[] = [];
    await until(async () => {
      for (const instance of inTurn) if (instance.app.isRunning && (await instance.app.isReady())) found.push(instance);
      return found.length > 0;
    });
    return present(found[0], 'one is there');
  }

  async close(): Promise<void> {
    this.isOver = true;
    for (const { app } of this.instances) await app.crash();
  }

  private async keepRunning(app: AppProcess): Promise<void> {
    while (!this.isOver) await app.launch();
  }
}
