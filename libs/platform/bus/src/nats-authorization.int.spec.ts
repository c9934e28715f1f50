import type { CommandType } from '@core/contracts/command';
import { exampleId } from '@core/contracts/examples.fixture';
import { commandSubjects, jetStreams, subjects } from '@core/contracts/subjects';
import { LOGINS, type LoginName } from '@core/service/logins';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { until } from '@core/testing/until';
import { AckPolicy, connect, Events, headers, type NatsConnection, type Subscription } from 'nats';
import { answerMarket } from './answers.ts';
import { MarketClient } from './market-client.ts';
import { inboxOf, natsAuthorization } from './nats-authorization.ts';
import { connectionOptions, connectNats, leasesUrl } from './nats-connection.ts';

const EDGES: readonly LoginName[] = ['tv-gateway', 'proquant-webhook', 'ws-session'];
/** By which operators speak. */
const PEOPLE: readonly LoginName[] = ['console', 'operator'];
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
    await streams.add({ name: jetStreams.intake.name, subjects: [...jetStreams.intake.subjects], no_ack: true });
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
    expect(await allowed((login) => mayHear(login, subjects.feed))).toEqual([...CONNECTORS, ...EDGES, ...PEOPLE]);
  });

  it('takes prices from connectors alone, and news of the registry from people alone', async () => {
    expect(await allowed((login) => maySay(login, subjects.quotes('demo')))).toEqual(CONNECTORS);
    expect(await allowed((login) => maySay(login, subjects.instruments('demo')))).toEqual(CONNECTORS);
    expect(await allowed((login) => maySay(login, subjects.registryChanged))).toEqual(PEOPLE);
    expect(await allowed((login) => maySay(login, subjects.keyRevoked))).toEqual(PEOPLE);
  });

  it('takes the wish to carry a delivery out again from operators alone, and gives it to the webhook alone', async () => {
    expect(await allowed((login) => maySay(login, subjects.replayDelivery))).toEqual(['operator']);
    expect(await allowed((login) => mayHear(login, subjects.replayDelivery))).toEqual(['proquant-webhook']);
  });

  it('takes ticks from the owner of bars alone, and gives them to the gateway that streams them', async () => {
    expect(await allowed((login) => maySay(login, subjects.ticks('demo')))).toEqual(['market-data']);
    expect(await allowed((login) => mayHear(login, subjects.ticks('demo')))).toEqual(['tv-gateway']);
  });

  it('lets edges and operators ask the ledger whether it is ready', async () => {
    expect(await allowed((login) => maySay(login, subjects.ledgerReady))).toEqual([...EDGES, ...PEOPLE]);
    expect(await allowed((login) => mayHear(login, subjects.ledgerReady))).toEqual(['ledger']);
  });

  it.each<[CommandType, readonly LoginName[]]>([
    ['RegisterAccount', PEOPLE],
    ['PlaceOrder', ['tv-gateway', 'ws-session']],
    ['Amend', ['tv-gateway', 'ws-session']],
    ['CancelOrder', ['tv-gateway', 'ws-session']],
    ['ClosePosition', ['tv-gateway', 'proquant-webhook', 'ws-session']],
    ['DispatchRequest', CONNECTORS],
    ['CheckDispatch', CONNECTORS],
    ['RecordRefusal', ['tv-gateway', 'ws-session']],
    ['RecordIntegration', ['proquant-webhook']],
    ['RecordStrategy', ['proquant-webhook']],
    ['ReceiveSignal', ['proquant-webhook']],
    ['ContinueSignal', ['proquant-webhook']],
    ['SettleSignal', ['proquant-webhook']],
    ['HaltTrading', [...CONNECTORS, ...PEOPLE]],
    ['ResumeTrading', PEOPLE],
    ['SetCloseOnly', [...CONNECTORS, ...PEOPLE]],
    ['SetShadow', PEOPLE],
    ['ResolveRequest', PEOPLE],
    ['ReleaseMessage', PEOPLE],
    ['ReplaceMessage', PEOPLE],
    ['SkipMessage', PEOPLE],
    ['RecordAct', PEOPLE],
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

  it('lets nobody answer wherever a question says: whoever asks himself would write any subject', () => {
    expect(natsAuthorization((login) => `of-${login}`, 'of-owner')).not.toContain('allow_responses');
  });

  it('carries a question and its answer, once', async () => {
    const [ledger, gateway] = [await loginAs('ledger'), await loginAs('tv-gateway')];
    ledger.subscribe(commandSubjects.PlaceOrder, { callback: (_, message) => void message.respond('taken') });
    await ledger.flush();
    const answer = await gateway.request(commandSubjects.PlaceOrder, '', { timeout: 10_000 });
    expect(answer.string()).toBe('taken');
    await ledger.close();
  });

  it('carries an answer about a market from connectors alone, whoever asked', async () => {
    expect(await allowed((login) => maySay(login, subjects.marketAnswer('x')))).toEqual(CONNECTORS);
    const [connector, gateway] = [await loginAs('xapi-connector'), await loginAs('tv-gateway')];
    const failure = { ok: false, reason: 'busy', text: null };
    const answer = Buffer.from(JSON.stringify(failure));
    connector.subscribe(subjects.candles('demo'), { callback: (_, message) => answerMarket(message, answer) });
    await connector.flush();
    const asked = { venue: 'demo', instrument: 'A', resolution: '1m', count: 1, to: null } as never;
    expect(await new MarketClient(gateway).candles(asked, 10_000)).toEqual(failure);
    expect(await new MarketClient(gateway).hours({ venue: 'other', instrument: 'A' } as never, 10_000)).toMatchObject({
      text: 'nobody speaks for the venue',
    });
  });

  it('carries the wish to look at a broker from people to connectors alone, and back', async () => {
    expect(await allowed((login) => maySay(login, subjects.brokerLook('x')))).toEqual(PEOPLE);
    expect(await allowed((login) => mayHear(login, subjects.brokerLook('*')))).toEqual(CONNECTORS);
    expect(await allowed((login) => maySay(login, subjects.brokerAnswer('x')))).toEqual(CONNECTORS);
    expect(await allowed((login) => mayHear(login, subjects.brokerAnswer('*')))).toEqual(PEOPLE);
  });

  it('tells whether a broker is connected: at once not, where whoever held the account is gone', async () => {
    expect(await allowed((login) => maySay(login, subjects.connection(account)))).toEqual(['tv-gateway']);
    expect(await allowed((login) => mayHear(login, subjects.connection(account)))).toEqual(CONNECTORS);
    const [connector, gateway] = [await loginAs('xapi-connector'), await loginAs('tv-gateway')];
    const client = new MarketClient(gateway);
    let answer = '';
    connector.subscribe(subjects.connection(account), {
      callback: (_, message) => answer && answerMarket(message, Buffer.from(answer)),
    });
    await connector.flush();
    for (const isConnected of [true, false]) {
      answer = JSON.stringify({ isConnected });
      expect(await client.isConnected(account, 10_000)).toBe(isConnected);
    }
    answer = 'no';
    expect(await client.isConnected(account, 10_000)).toBeNull();
    answer = '';
    expect(await client.isConnected(account, 50)).toBeNull();
    await connector.close();
    // The server hears of the end of a connection a little after whoever ended it.
    await until(async () => (await client.isConnected(account, 1_000)) === false);
  });

  it('lets nobody take anything out of the intake, nor take it away', async () => {
    for (const login of LOGINS) {
      const manager = await (await loginAs(login)).jetstreamManager({ checkAPI: false, timeout: 1_000 });
      await expect(manager.streams.delete(jetStreams.intake.name)).rejects.toThrow(/permission/i);
      await expect(manager.streams.purge(jetStreams.intake.name)).rejects.toThrow(/permission/i);
      await expect(manager.streams.deleteMessage(jetStreams.intake.name, 1)).rejects.toThrow(/permission/i);
    }
  });

  describe('whatever is asked of JetStream, and wherever its answer is to go', () => {
    const TARGETS = [
      subjects.feed,
      subjects.keyRevoked,
      subjects.registryChanged,
      subjects.quotes('demo'),
      subjects.intake(account),
      commandSubjects.PlaceOrder,
      commandSubjects.HaltTrading,
      `${inboxOf('operator')}.x`,
    ];
    const MARKET_QUESTIONS = [subjects.marketSnapshot('*'), subjects.candles('*'), subjects.hours('*')];
    const BUCKET = jetStreams.leases('xapi');
    const STREAMS = [jetStreams.intake.name, `KV_${BUCKET}`, 'OWN'];
    const FORGED = 'forged';

    /** Everything that anybody could ask and somebody answers, with what it is asked. */
    const questions = (target: string): readonly (readonly [string, object | string])[] => [
      ...Object.values(commandSubjects).map((subject) => [subject, FORGED] as const),
      ...[subjects.ledgerReady, subjects.intake(account), `$KV.${BUCKET}.key`].map(
        (subject) => [subject, FORGED] as const,
      ),
      ...[subjects.marketSnapshot, subjects.candles, subjects.hours].map((of) => [of('demo'), FORGED] as const),
      ...['$JS.API.INFO', '$JS.API.STREAM.NAMES', '$JS.API.STREAM.LIST', '$SYS.REQ.USER.INFO'].map(
        (subject) => [subject, {}] as const,
      ),
      ...STREAMS.flatMap((name) => jetStreamQuestions(name, target)),
    ];

    const jetStreamQuestions = (name: string, target: string): readonly (readonly [string, object | string])[] => [
      ...['INFO', 'PURGE', 'DELETE'].map((verb) => [`$JS.API.STREAM.${verb}.${name}`, {}] as const),
      ...['CREATE', 'UPDATE'].flatMap((verb) =>
        [
          { subjects: ['own.>'], republish: { src: '>', dest: target } },
          { subjects: [target] },
          { sources: [{ name: jetStreams.intake.name }], republish: { src: '>', dest: target } },
        ].map((config) => [`$JS.API.STREAM.${verb}.${name}`, { name, storage: 'memory', ...config }] as const),
      ),
      [`$JS.API.STREAM.MSG.GET.${name}`, { seq: 1 }],
      [`$JS.API.DIRECT.GET.${name}`, { seq: 1 }],
      [`$JS.API.DIRECT.GET.${name}.$KV.${BUCKET}.key`, ''],
      ...[`CREATE.${name}`, `CREATE.${name}.pushed`, `DURABLE.CREATE.${name}.pushed`].map(
        (verb) =>
          [
            `$JS.API.CONSUMER.${verb}`,
            {
              stream_name: name,
              config: {
                ...(verb.startsWith('DURABLE') ? { durable_name: 'pushed' } : {}),
                ...(verb.endsWith('.pushed') && !verb.startsWith('DURABLE') ? { name: 'pushed' } : {}),
                ...{ deliver_subject: target, deliver_policy: 'all', ack_policy: 'none', replay_policy: 'instant' },
              },
            },
          ] as const,
      ),
      [`$JS.API.CONSUMER.MSG.NEXT.${name}.pulled`, { batch: 1 }],
    ];

    /** Tries everything that brings a message to a target, and says which targets got one. */
    async function reached(attacker: NatsConnection, targets: readonly string[]): Promise<string[]> {
      const heard: string[] = [];
      const hearing = targets.map((target) => owner.subscribe(target, { callback: () => void heard.push(target) }));
      await owner.flush();
      const answering: Subscription[] = [];
      for (const subject of [...MARKET_QUESTIONS, ...Object.values(commandSubjects), subjects.ledgerReady])
        answering.push(
          attacker.subscribe(subject, { callback: (refused, message) => void (refused ?? message.respond(FORGED)) }),
        );
      for (const target of targets) {
        const traced = headers();
        traced.set('Nats-Trace-Dest', target);
        for (const [subject, body] of questions(target)) {
          const bytes = typeof body === 'string' ? body : JSON.stringify(body);
          attacker.publish(subject, bytes, { reply: target, headers: traced });
        }
      }
      await attacker.flush(); // it has heard its own questions
      await attacker.flush(); // and its answers to them are there
      // What JetStream was asked it has done once it answers a later question.
      await (await owner.jetstreamManager()).streams.info(jetStreams.intake.name);
      await owner.flush();
      for (const each of [...hearing, ...answering]) each.unsubscribe();
      await attacker.flush();
      return heard;
    }

    beforeAll(async () => {
      const { streams, consumers } = await owner.jetstreamManager();
      await streams.add({ name: `KV_${BUCKET}`, subjects: [`$KV.${BUCKET}.>`], allow_direct: true });
      for (const name of [jetStreams.intake.name, `KV_${BUCKET}`])
        await consumers.add(name, { durable_name: 'pulled', ack_policy: AckPolicy.None });
      owner.publish(`$KV.${BUCKET}.key`, FORGED);
      owner.publish(subjects.intake(account), FORGED);
      // Whoever speaks for venues can be asked by anybody.
      const connector = await loginAs('paper-connector');
      for (const asked of MARKET_QUESTIONS)
        connector.subscribe(asked, { callback: (_, message) => answerMarket(message, Buffer.from(FORGED)) });
      await connector.flush();
    });

    it.each(LOGINS.filter((login) => login !== 'ledger'))(
      '%s reaches no subject that is not its own',
      async (login) => {
        const others: string[] = [];
        for (const target of TARGETS) if (!(await maySay(login, target))) others.push(target);
        expect(others.length).toBeGreaterThan(3);
        expect(await reached(await loginAs(login), others)).toEqual([]);
      },
    );

    it.each(CONNECTORS)('%s reaches nothing from where it keeps its leases, and hears nothing there', async (login) => {
      const url = leasesUrl(nats.url.replace('://', `://${login}:of-${login}@`));
      const attacker = await connectNats({ url, name: login });
      open.push(attacker);
      const heard: string[] = [];
      attacker.subscribe('>', { callback: (_, message) => void heard.push(message.string()) });
      await attacker.flush();
      for (const target of TARGETS) owner.publish(target, 'of the core');
      await owner.flush();
      expect(await reached(attacker, TARGETS)).toEqual([]);
      expect(heard).not.toContain('of the core');
      expect(await attacker.jetstream().views.kv(BUCKET, { ttl: 1_000 })).toBeDefined();
    });

    it('but the owner, whom nothing binds, reaches all of them by the same words', async () => {
      expect(new Set(await reached(owner, TARGETS))).toEqual(new Set(TARGETS));
    });
  });
});
