import type { DataClient } from '@core/registry/data-feed-entities';
import type { Command } from 'commander';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BadInput } from './bad-input.ts';
import { group, withSystem } from './cli.ts';
import { changing, Consent, type ConsentOptions } from './consent.ts';
import { everyone, nobodyYet } from '@core/operations/whom';
import { table } from './table.ts';

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const MODULUS_BITS_MIN = 2_048;

/** `ops data clients …`: whose servers read the data addresses. */
export function addDataClients(data: Command): void {
  const clients = group(data, 'clients', 'credentials with which TradingView reads the data addresses');

  clients
    .command('list', { isDefault: true })
    .description('every client and its certificates; never its secret')
    .action(
      withSystem(async (system, output) => {
        const known = (await (await system.registry()).dataFeed.clients()).map(publicPartOf);
        const rows = known.map(({ client, revoked, certificates }) => [
          client,
          revoked ? 'revoked' : 'live',
          certificates.map(({ thumbprint, until }) => `${thumbprint} until ${until}`).join(', '),
        ]);
        output.say(known, () => table(['client', 'state', 'certificates'], rows, 'no clients: ops data clients add'));
      }),
    );

  changing(clients.command('add <client>'))
    .description('make a client, whose name is its login and its client_id; its secret is shown this once')
    .action(
      withSystem<ConsentOptions>(async (system, output, options, [id = '']) => {
        if (!ID.test(id)) throw new BadInput(`${id} is no name of a client: letters, digits and . _ -`);
        const consent = await Consent.to(system, output, nobodyYet, options);
        if (!consent) return;
        const act = { what: 'data-client', action: 'added', target: id } as const;
        const { client, secret } = await system.change(consent, act, ({ dataFeed }) => dataFeed.addClient(id));
        output.say({ ...publicPartOf(client), secret }, () => `client ${id}\nsecret ${secret}  (shown this once)`);
      }),
    );

  changing(clients.command('certify <client> <file>'))
    .description('register a certificate (X.509, PEM) by whose key its assertions are signed; the one before holds too')
    .action(
      withSystem<ConsentOptions>(async (system, output, options, [id = '', file = '']) => {
        const pem = certificateIn(file).toString();
        const consent = await Consent.to(system, output, nobodyYet, options);
        if (!consent) return;
        const act = { what: 'data-client', action: 'certified', target: id } as const;
        const client = await system.change(consent, act, ({ dataFeed }) => dataFeed.addCertificate(id, pem));
        const { certificates } = publicPartOf(client);
        output.say(publicPartOf(client), () => `x5t ${certificates[0]?.thumbprint}`);
      }),
    );

  changing(clients.command('revoke <client>'))
    .description('end a client, its tokens and its streams')
    .action(
      withSystem<ConsentOptions>(async (system, output, options, [id = '']) => {
        const consent = await Consent.to(system, output, everyone, options);
        if (!consent) return;
        const act = { what: 'data-client', action: 'revoked', target: id } as const;
        await system.change(consent, act, ({ dataFeed }) => dataFeed.revokeClient(id));
        output.say({ client: id, revoked: true }, () => `client ${id} is revoked`);
      }),
    );
}

const publicPartOf = ({ id, revoked, certificates }: DataClient) => ({
  client: id,
  revoked,
  certificates: certificates
    .map((pem) => new X509Certificate(pem))
    .map(({ fingerprint, validTo }) => ({
      thumbprint: fingerprint.replaceAll(':', ''),
      until: new Date(validTo).toISOString().slice(0, 10),
    })),
});

function certificateIn(file: string): X509Certificate {
  const certificate = readCertificate(file);
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < MODULUS_BITS_MIN)
    throw new BadInput(`assertions are signed with RSA keys of at least ${MODULUS_BITS_MIN} bits`);
  return certificate;
}

function readCertificate(file: string): X509Certificate {
  try {
    return new X509Certificate(readFileSync(file));
  } catch {
    throw new BadInput(`${file} holds no certificate (X.509, PEM)`);
  }
}
