import { CheckpointStream } from '@core/bus/checkpoint-stream';
import { jsonAs } from '@core/kernel/json-as';
import { ProofBundle, verifyBundle } from '@core/log-proof/bundle';
import { SignedCheckpoint } from '@core/log-proof/checkpoint';
import { KEY_PATTERN, publicKeyOf, publicTextOf, signingKeyOf } from '@core/log-proof/keys';
import { checkpointsAfter } from '@core/event-log/checkpoint-table';
import { readBundle } from '@core/event-log/bundle-reader';
import { verifyLogFile } from '@core/event-log/detached/verify-log-file';
import type { Witness } from '@core/event-log/verify';
import type { Command } from 'commander';
import type { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { accountNamed } from './account-named.ts';
import { BadInput } from './bad-input.ts';
import { BadNews, withSystem } from './cli.ts';
import { outputOf, shortTime } from './output.ts';
import { table } from './table.ts';
import { readText } from './read-text.ts';
import { progressOf } from './progress.ts';
import type { OperatedSystem } from './system.ts';

interface VerifyOptions {
  readonly checkpoints?: string;
  readonly key?: string;
}

/** `ops log verify|checkpoints|bundle`: that what was recorded is what was committed and signed. */
export function addLogProof(log: Command): void {
  log
    .command('verify')
    .description('recompute every digest; says where the log is not what was committed, or not what was signed')
    .option(
      '--checkpoints <file or url>',
      'checkpoints that were kept out of the database owner’s reach: a file with one a line, or the NATS of SEAL_NATS_URL',
    )
    .option('--key <key>', 'the public key they are signed by, 32 bytes in base64')
    .action(
      withSystem<VerifyOptions>(async (system, output, options) => {
        const witness = await witnessOf(system, options);
        const progress = progressOf('events');
        const verdict = await system.log.verify({ ...(witness && { witness }), onProgress: progress.at });
        progress.end();
        output.say(verdict, () => {
          if (!verdict.ok) return `position ${verdict.position}: ${verdict.why}`;
          const { events, batches, digest, signedTo, forgotten, detachedTo } = verdict;
          const signed =
            signedTo === null ? 'no checkpoints were looked at' : `up to position ${signedTo} they are signed`;
          const known =
            forgotten.ids === 0 && forgotten.answers === 0
              ? ''
              : `; forgotten by retention: ids of events up to ${forgotten.ids}, answers to commands up to ${forgotten.answers}`;
          const where = detachedTo === 0 ? '' : `; up to position ${detachedTo} they lie in files`;
          return `${events} events in ${batches} batches are what was committed; ${signed}${where}${known}; digest ${digest}`;
        });
        if (!verdict.ok) throw new BadNews();
      }),
    );

  log
    .command('checkpoints')
    .description('what was signed of the log')
    .action(
      withSystem(async (system, output) => {
        const client = await system.pool.connect();
        const checkpoints = await checkpointsAfter(client, 0).finally(() => client.release());
        const rows = checkpoints.map(({ first, last, recordedtime, root }) => [
          first,
          last,
          shortTime(recordedtime),
          root,
        ]);
        output.say(checkpoints, () => table(['first', 'last', 'recorded', 'root'], rows, 'nothing is signed yet'));
      }),
    );

  log
    .command('key')
    .description('the public key of the ledger on this machine, for whoever verifies')
    .action(
      withSystem(async (system, output) => {
        if (!system.witness) throw new BadInput('the ledger’s key is not known here: it says its public half at start');
        const key = publicTextOf(signingKeyOf(system.witness.signingKey));
        output.say({ key }, () => key);
      }),
    );

  log
    .command('bundle <account>')
    .description('an account’s events in a file that proves them, and shows no other account’s')
    .requiredOption('--out <file>', 'the file to write')
    .action(
      withSystem<{ out: string }>(async (system, output, { out }, [text = '']) => {
        const bundle = await readBundle(system.pool, system.log.detached, await accountNamed(system, text));
        if (bundle.events.length === 0) throw new BadInput('nothing of this account is signed yet');
        writeFileSync(out, `${JSON.stringify(bundle)}\n`, { mode: 0o600 });
        const { events, checkpoints } = bundle;
        const signedTo = checkpoints.at(-1)?.last;
        output.say(
          { out, events: events.length, signedTo },
          () => `${events.length} events up to position ${signedTo} are in ${out}`,
        );
      }),
    );
}

/** `ops verify FILE`: needs the file and the key, no system. */
export function addVerify(program: Command): void {
  program
    .command('verify <file>')
    .description('a file that `log bundle` or `log detach` wrote: whether it proves what it holds; needs no system')
    .requiredOption('--key <key>', 'the ledger’s public key, 32 bytes in base64')
    .action(async (file: string, { key }: { key: string }, command: Command) => {
      const output = outputOf(command.optsWithGlobals<{ json?: true }>().json === true);
      if (file.endsWith('.gz')) {
        const proof = await verifyLogFile(file, keyOf(key));
        output.say(proof, () =>
          proof.ok
            ? `positions ${proof.first} to ${proof.last} are what was committed; signed until ${shortTime(proof.until)}`
            : `position ${proof.position}: ${proof.why}`,
        );
        if (!proof.ok) throw new BadNews();
        return;
      }
      const verdict = verifyBundle(jsonAs(file, readText(file), ProofBundle), keyOf(key));
      output.say(verdict, () => {
        if (!verdict.ok) return verdict.why;
        const [first, last] = verdict.versions;
        return `the account’s events ${first} to ${last} are in the log, none between them is missing; signed until ${shortTime(verdict.until)}`;
      });
      if (!verdict.ok) throw new BadNews();
    });
}

/** What was named, or what the data folder has of its own; null where there is nothing. */
async function witnessOf({ witness }: OperatedSystem, { checkpoints, key }: VerifyOptions): Promise<Witness | null> {
  const from = checkpoints ?? witness?.file;
  if (from === undefined) {
    if (key !== undefined) throw new BadInput('--key goes with --checkpoints');
    return null;
  }
  return {
    publicKey: sealKeyOf({ witness }, key),
    checkpoints: /^(nats|tls):/.test(from) ? await inStream(from) : inFile(from),
  };
}

/** The key that checkpoints are signed by: as it was said, or as the data folder knows it. */
export function sealKeyOf({ witness }: Pick<OperatedSystem, 'witness'>, key: string | undefined): KeyObject {
  if (key !== undefined) return keyOf(key);
  if (!witness) throw new BadInput('say --key: the public key that the checkpoints are signed by');
  return publicOf(witness.signingKey);
}

const inFile = (file: string): readonly SignedCheckpoint[] =>
  readText(file)
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => jsonAs(`${file}, line ${index + 1}`, line, SignedCheckpoint));

async function inStream(url: string): Promise<readonly SignedCheckpoint[]> {
  const stream = await CheckpointStream.open(url);
  try {
    return await stream.all();
  } finally {
    await stream.close();
  }
}

const publicOf = (signingKey: string): KeyObject => publicKeyOf(publicTextOf(signingKeyOf(signingKey)));

function keyOf(text: string): KeyObject {
  if (!KEY_PATTERN.test(text)) throw new BadInput('--key is 32 bytes in base64');
  return publicKeyOf(text);
}
