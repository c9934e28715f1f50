import { jsonAs } from '@core/kernel/json-as';
import { fileText, writePrivate } from '@core/machine/files';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';

/** Made once per data folder. Everything here guards a demo on this machine, and nothing else. */
const DemoSecrets = z.object({
  /** 32 bytes in base64: seals the broker passwords of the registry. */
  registryKey: z.string(),
  /** 32 bytes in base64: signs the checkpoints of the log; folders of earlier versions have none. */
  logSigningKey: z.string().default(() => key()),
  /** 32 bytes in base64: signs the cookies of the login page; folders of earlier versions have none. */
  oauthCookieKey: z.string().default(() => key()),
  /** 32 bytes in base64: makes the links that lead into the console. */
  consoleLinkKey: z.string().default(() => key()),
  /** With which scripts read the data addresses. */
  dataToken: z.string().default(() => password()),
  traderPasswords: z.record(z.string(), z.string()),
  brokerPasswords: z.record(z.string(), z.string()),
  /** Shown by the registry only when they are made, hence kept here; absent until seeded. */
  wsSecretKey: z.string().optional(),
  oauthClient: z.object({ id: z.string(), secret: z.string() }).optional(),
  proquant: z.object({ integrationId: z.string(), token: z.string() }).optional(),
});
export type DemoSecrets = z.output<typeof DemoSecrets>;

const key = (): string => randomBytes(32).toString('base64');
const password = (): string => randomBytes(9).toString('base64url');
const passwordsFor = (logins: readonly string[]): Record<string, string> =>
  Object.fromEntries(logins.map((login) => [login, password()]));

/** The secrets of a data folder, in a file that only its owner can read. */
export class DemoSecretsFile {
  private readonly file: string;

  constructor(folder: string) {
    this.file = join(folder, 'demo-secrets.json');
  }

  /** Null where none were made yet. Throws `UnreadableJson`. */
  known(): DemoSecrets | null {
    const text = fileText(this.file);
    return text === '' ? null : jsonAs(this.file, text, DemoSecrets);
  }

  /** Makes them where there are none; cells of one registry have one key for it. */
  read(traders: readonly string[], brokerLogins: readonly string[], registryKey: string = key()): DemoSecrets {
    const secrets = this.known() ?? {
      registryKey,
      logSigningKey: key(),
      oauthCookieKey: key(),
      consoleLinkKey: key(),
      dataToken: password(),
      traderPasswords: passwordsFor(traders),
      brokerPasswords: passwordsFor(brokerLogins),
    };
    // What a later version added was made just now: it is the same from now on.
    this.write(secrets);
    return secrets;
  }

  write(secrets: DemoSecrets): void {
    writePrivate(this.file, `${JSON.stringify(secrets, null, 2)}\n`);
  }
}
