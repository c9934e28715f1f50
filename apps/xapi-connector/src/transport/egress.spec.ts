import { RequestSettings } from '@core/connector/requests/request-settings';
import { XapiSettings } from '../config.ts';
import { EgressAddresses } from './egress.ts';
import { loginOptions } from './login-options.ts';

const sessions = loginOptions(new XapiSettings(), new RequestSettings());
const options = { connectionsMax: 4, loginIntervalMs: 0 };
const never = new AbortController().signal;

describe('the addresses of a process', () => {
  it('are the system’s choice unless some are named', () => {
    const { all } = new EgressAddresses([], sessions, options);
    expect(all).toMatchObject([{ address: null }]);
    expect(all[0].sessions).toBe(sessions);
  });

  it('carry connections of their own each, and whoever waits counts too', async () => {
    const egress = new EgressAddresses(['10.0.0.1', '10.0.0.2'], sessions, options);
    const picked: (string | null)[] = [];
    for (let session = 0; session < 4; session += 1) {
      const { address, budget } = egress.pick();
      picked.push(address);
      await budget.take(2, never);
    }
    expect(picked).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.1', '10.0.0.2']);
    void egress.pick().budget.take(2, never);
    expect(egress.pick().address).toBe('10.0.0.2');
  });

  it('are where both connections of a session leave from', () => {
    const [{ sessions: leaving }] = new EgressAddresses(['10.0.0.1'], sessions, options).all;
    expect([leaving.main.localAddress, leaving.stream.localAddress]).toEqual(['10.0.0.1', '10.0.0.1']);
  });
});
