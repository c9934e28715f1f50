import type { Command } from '@core/contracts/command';
import { exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { commandSubjects } from '@core/contracts/subjects';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import type { NatsConnection } from 'nats';
import { LedgerUnavailable } from './command-client.ts';
import { NatsCommandTransport } from './nats-command-transport.ts';
import { connectNats } from './nats-connection.ts';
import { natsMicroservice } from './nest-nats.ts';

const seen: unknown[] = [];

@Controller()
class Ledger {
  @MessagePattern(commandSubjects.HaltTrading)
  halt(@Payload() body: unknown): unknown {
    seen.push(body);
    return { ok: true, position: 7, eventIds: [] };
  }

  @MessagePattern(commandSubjects.ResumeTrading)
  resume(): unknown {
    throw new Error('a defect');
  }
}

const command = (type: 'HaltTrading' | 'ResumeTrading'): Command => ({
  type,
  commandid: exampleId(1),
  source: 'spec@0',
  subject: exampleAccount,
  time: '2026-01-05T10:00:00.000000Z',
  correlationid: exampleId(2),
  data: { operator: 'ada', note: 'x' },
});

describe('commands on NATS', () => {
  let nats: ThrowawayNats;
  let connection: NatsConnection;
  let transport: NatsCommandTransport;

  beforeAll(async () => {
    nats = await ThrowawayNats.start();
    connection = await connectNats({ url: nats.url, name: 'commands-spec' });
    transport = new NatsCommandTransport(connection);
  });
  afterAll(async () => {
    await connection.close();
    await nats.stop();
  });

  const startLedger = async () => {
    const module = await Test.createTestingModule({ controllers: [Ledger] }).compile();
    const app = module.createNestMicroservice({
      ...natsMicroservice({ url: nats.url, name: 'ledger' }),
      logger: false,
    });
    await app.listen();
    return app;
  };

  it('reaches a Nest handler with bare JSON both ways', async () => {
    const ledger = await startLedger();
    await expect(transport.send(command('HaltTrading'), 5_000)).resolves.toEqual({
      ok: true,
      position: 7,
      eventIds: [],
    });
    expect(seen).toEqual([command('HaltTrading')]);
    await ledger.close();
  });

  it('waits for a ledger that is only just coming', async () => {
    const answer = transport.send(command('HaltTrading'), 10_000);
    const ledger = await startLedger();
    await expect(answer).resolves.toMatchObject({ ok: true });
    await ledger.close();
  });

  it('says unknown, not no, when a ledger is silent until the last fraction of a millisecond', async () => {
    await expect(transport.send(command('HaltTrading'), 0.5)).rejects.toThrow(LedgerUnavailable);
  });

  it('says unknown, not no, when nobody answers or the answer is none', async () => {
    await expect(transport.send(command('HaltTrading'), 250)).rejects.toThrow(LedgerUnavailable);
    const ledger = await startLedger();
    await expect(transport.send(command('ResumeTrading'), 250)).rejects.toThrow(LedgerUnavailable);
    await ledger.close();
  });

  it('answers in inboxes alone: elsewhere its answer would be the ledger’s word on a subject of the asker’s choice', async () => {
    const ledger = await startLedger();
    await transport.send(command('HaltTrading'), 5_000); // it listens
    const heard: string[] = [];
    connection.subscribe('feed', { callback: (_, message) => heard.push(message.string()) });
    for (const type of ['HaltTrading', 'ResumeTrading'] as const)
      connection.publish(commandSubjects[type], JSON.stringify(command(type)), { reply: 'feed' });
    await transport.send(command('HaltTrading'), 5_000);
    await ledger.close();
    await connection.flush();
    expect(heard).toEqual([]);
  });
});
