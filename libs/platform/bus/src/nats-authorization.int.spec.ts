import type { CommandType } from '@core/contracts/command';
import { exampleId } from '@core/contracts/examples.fixture';
import { commandSubjects, jetStreams, subjects } from '@core/contracts/subjects';
import { LOGINS, type LoginName } from '@core/service/logins';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { connect, Events, type NatsConnection } from 'nats';
import { inboxOf, natsAuthorization } from './nats-authorization.ts';
import { connectionOptions, connectNats } from './nats-connection.ts';

const EDGES: readonly LoginName[] = ['tv-gateway', 'proquant-webhook', 'ws-session'];
const CONNECTORS: readonly LoginName[] = ['xapi-connector', 'paper-connector'];
const account = exampleId(1);

describe('a NATS server with our authorization', () => {
  let nats: ThrowawayNats;
  let owner: NatsConnection;
  const open: NatsConnection[] = [];

  const loginAs = async (user: string, password = `of-${user}`): Promise<NatsConnection> => {
    const url = nats.url.replace('://', `://${user}:${password}@`);
    const connection = await connect({ ...connectionOptions({ url, name: user }), waitOnFirstConnect: false });
    open.push(connection);
    return connection;
  };

  beforeAll(async () => {
    nats = await ThrowawayNats.start(natsAuthorization((login) => `of-${login}`, 'of-owner'));
    owner = await loginAs('owner');
    const { streams } = await owner.jetstreamManager();
    await streams.add({ name: jetStreams.intake.name, subjects: [...jetStreams.intake.subjects] });
  });
  afterAll(async () => {
    await Promise.all(open.map((connection) => connection.close()));
    await nats.stop();
  });

  /** Whether what a login says arrives. */
  async function maySay(login: LoginName, subject: string): Promise<boolean> {
    const heard: string[] = [];
    const hearing = owner.subscribe(subject, { callback: (_, message) => heard.push(message.string()) });
    await owner.flush();
    const connection = await loginAs(login);
    const refusals = refusalsOf(connection);
    connection.publish(subject, login);
    await connection.flush();
    await connection.close();
    await owner.flush();
    hearing.unsubscribe();
    const arrived = heard.includes(login);
    expect(refusals.length > 0).toBe(!arrived);
    return arrived;
  }

  /** Whether a login may listen there. */
  async function mayHear(login: LoginName, subject: string): Promise<boolean> {
    const connection = await loginAs(login);
    let isRefused = false;
    connection.subscribe(subject, { callback: (error) => (isRefused ||= error !== null) });
    await connection.flush();
    await connection.close();
    return !isRefused;
  }

  /** What the server refuses, as it comes: a refusal comes before the answer to `flush`. */
  function refusalsOf(connection: NatsConnection): unknown[] {
    const refusals: unknown[] = [];
    void (async () => {
      for await (const status of connection.status()) if (status.type === Events.Error) refusals.push(status.data);
    })();
    return refusals;
  }

  const allowed = async (ask: (login: LoginName) => Promise<boolean>): Promise<LoginName[]> => {
    const answers = await Promise.all(LOGINS.map(async (login) => ((await ask(login)) ? [login] : [])));
    return answers.flat();
  };

  it('lets in nobody without a password, and nobody with another’s', async () => {
    await expect(connect({ servers: nats.url, reconnect: false })).rejects.toThrow(/Authorization/i);
    await expect(loginAs('ledger', 'of-tv-gateway')).rejects.toThrow(/Authorization/i);
  });

  it('tells a service whose password is wrong so, though it would wait for a server that is away', async () => {
    const url = nats.url.replace('://', '://ledger:wrong@');
    await expect(connectNats({ url, name: 'ledger' })).rejects.toThrow(/Authorization/i);
  });

  it('takes facts from connectors alone', async () => {
    expect(await allowed((login) => maySay(login, subjects.intake(account)))).toEqual(CONNECTORS);
  });

  it('takes the feed from the ledger alone, and gives it to those who follow the log', async () => {
    expect(await allowed((login) => maySay(login, subjects.feed))).toEqual(['ledger']);
    expect(await allowed((login) => mayHear(login, subjects.feed))).toEqual([...CONNECTORS, ...EDGES, 'operator']);
  });

  it('takes prices from connectors alone, and news of the registry from operators alone', async () => {
    expect(await allowed((login) => maySay(login, subjects.quotes('demo')))).toEqual(CONNECTORS);
    expect(await allowed((login) => maySay(login, subjects.instruments('demo')))).toEqual(CONNECTORS);
    expect(await allowed((login) => maySay(login, subjects.registryChanged))).toEqual(['operator']);
    expect(await allowed((login) => maySay(login, subjects.keyRevoked))).toEqual(['operator']);
  });

  it('lets edges and operators ask the ledger whether it is ready', async () => {
    expect(await allowed((login) => maySay(login, subjects.ledgerReady))).toEqual([...EDGES, 'operator']);
    expect(await allowed((login) => mayHear(login, subjects.ledgerReady))).toEqual(['ledger']);
  });

  it.each<[CommandType, readonly LoginName[]]>([
    ['RegisterAccount', ['operator']],
    ['PlaceOrder', ['tv-gateway']],
    ['Amend', ['tv-gateway']],
    ['CancelOrder', ['tv-gateway']],
    ['ClosePosition', ['tv-gateway']],
    ['DispatchRequest', CONNECTORS],
    ['RecordIntegration', ['proquant-webhook']],
    ['RecordStrategy', ['proquant-webhook']],
    ['ReceiveSignal', ['proquant-webhook']],
    ['ContinueSignal', ['proquant-webhook']],
    ['SettleSignal', ['proquant-webhook']],
    ['HaltTrading', [...CONNECTORS, 'operator']],
    ['ResumeTrading', ['operator']],
    ['SetCloseOnly', [...CONNECTORS, 'operator']],
    ['ResolveRequest', ['operator']],
  ])('takes %s from those who give it, and gives it to the ledger alone', async (type, givers) => {
    expect(await allowed((login) => maySay(login, commandSubjects[type]))).toEqual(givers);
    expect(await allowed((login) => mayHear(login, commandSubjects[type]))).toEqual(['ledger']);
  });

  it('keeps everyone’s answers to themselves, and takes unasked ones from the ledger alone', async () => {
    for (const whose of LOGINS)
      expect(await allowed((login) => mayHear(login, `${inboxOf(whose)}.>`))).toEqual([whose]);
    expect(await allowed((login) => mayHear(login, '>'))).toEqual([]);
    expect(await allowed((login) => maySay(login, `${inboxOf('tv-gateway')}.x`))).toEqual(['ledger']);
  });

  it('does not remember every message of the intake for an answer that never comes', () => {
    const users = natsAuthorization((login) => `of-${login}`).split('user: ');
    const readers = users.filter((user) => user.includes(`CONSUMER.MSG.NEXT.${jetStreams.intake.name}.`));
    expect(readers.map((user) => [user.split(',')[0], user.includes('allow_responses')])).toEqual([['ledger', false]]);
  });

  it('carries a question and its answer, once', async () => {
    const [ledger, gateway] = [await loginAs('ledger'), await loginAs('tv-gateway')];
    ledger.subscribe(commandSubjects.PlaceOrder, { callback: (_, message) => void message.respond('taken') });
    await ledger.flush();
    const answer = await gateway.request(commandSubjects.PlaceOrder, '', { timeout: 10_000 });
    expect(answer.string()).toBe('taken');
  });

  it('lets nobody take anything out of the intake, nor take it away', async () => {
    for (const login of LOGINS) {
      const manager = await (await loginAs(login)).jetstreamManager({ checkAPI: false, timeout: 1_000 });
      await expect(manager.streams.delete(jetStreams.intake.name)).rejects.toThrow(/permission/i);
      await expect(manager.streams.purge(jetStreams.intake.name)).rejects.toThrow(/permission/i);
      await expect(manager.streams.deleteMessage(jetStreams.intake.name, 1)).rejects.toThrow(/permission/i);
    }
  });
});
