import { exampleId } from '@core/contracts/examples.fixture';
import { present } from '@core/kernel/present';
import type { RegisteredAccount, RegisteredBroker } from '@core/registry/entities';
import { VaultError } from '@core/registry/vault';
import { CredentialsUnavailable } from '../broker-failure.ts';
import { AccountDirectory, type AccountSource } from './account-directory.ts';

const brokers: RegisteredBroker[] = [
  { venue: 'ours', protocol: 'xapi', endpoint: { main: 'h:1' } },
  { venue: 'theirs', protocol: 'paper', endpoint: { quotesOf: 'ours' } },
];
const [first, second, third] = [exampleId(1), exampleId(2), exampleId(3)];
const anAccount = (id: string, venue: string, enabled = true): RegisteredAccount => ({
  ...{
    id,
    venue,
    enabled,
    traderId: exampleId(0x7ade),
    brokerLogin: id,
    name: id,
    mode: 'demo',
    netting: false,
    slippagePercent: null,
  },
});

describe('the accounts of a protocol', () => {
  let source: AccountSource;
  beforeEach(() => {
    const all = [anAccount(first, 'ours'), anAccount(second, 'theirs'), anAccount(third, 'ours', false)];
    source = {
      cells: { connectedAccounts: () => Promise.resolve(all) },
      brokers: () => Promise.resolve(brokers),
      secretVersions: () => Promise.resolve(new Map(all.map(({ id }) => [id, `sealed ${id}`]))),
      credentials: () => Promise.reject(new Error('canary')),
    };
  });

  it('are those that are enabled at venues which speak it, each with where its venue is', async () => {
    const directory = new AccountDirectory(source, 'xapi');
    await directory.read();
    expect(directory.ids).toEqual([first]);
    expect(directory.account(first)).toEqual({
      ...{ id: first, venue: 'ours', protocol: 'xapi', endpoint: { main: 'h:1' }, mode: 'demo' },
      secretVersion: `sealed ${first}`,
    });
    const paper = new AccountDirectory(source, 'paper');
    await paper.read();
    expect(paper.ids).toEqual([second]);
  });

  it('are not known before they were read, and stay as they were while they cannot be', async () => {
    const directory = new AccountDirectory(source, 'xapi');
    expect([directory.isKnown, directory.ids]).toEqual([false, []]);
    await directory.read();
    source.cells.connectedAccounts = () => Promise.reject(new Error('away'));
    await expect(directory.read()).rejects.toThrow('away');
    expect([directory.isKnown, directory.ids]).toEqual([true, [first]]);
  });

  it('have credentials that are told or not, and no error that says anything of them', async () => {
    const directory = new AccountDirectory(source, 'xapi');
    await directory.read();
    const listed = present(directory.account(first), 'it is not listed');
    const failure = await directory.credentials(listed).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CredentialsUnavailable);
    expect(String(failure)).not.toContain('canary');
  });

  it('have credentials for where they are connected to, and say what to do where those were sealed for elsewhere', async () => {
    const directory = new AccountDirectory(source, 'xapi');
    await directory.read();
    const listed = present(directory.account(first), 'it is not listed');
    const asked: unknown[] = [];
    source.credentials = (...destination) => {
      asked.push(destination);
      return Promise.reject(new VaultError('canary'));
    };
    await expect(directory.credentials(listed)).rejects.toThrow('give it again with `ops accounts add`');
    expect(asked).toEqual([[first, { venue: 'ours', protocol: 'xapi', endpoint: { main: 'h:1' }, mode: 'demo' }]]);
  });
});
