import { fileText, writePrivate } from '@core/machine/files';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

/** Made once per data folder. Everything here guards a demo on this machine, and nothing else. */
export interface DemoSecrets {
  /** 32 bytes in base64: seals the broker passwords of the registry. */
  readonly registryKey: string;
  readonly traderPasswords: Readonly<Record<string, string>>;
  readonly brokerPasswords: Readonly<Record<string, string>>;
  /** Shown by the registry only when they are made, hence kept here; absent until seeded. */
  readonly wsSecretKey?: string;
  readonly proquant?: { readonly integrationId: string; readonly token: string };
}

const password = (): string => randomBytes(9).toString('base64url');
const passwordsFor = (logins: readonly string[]): Record<string, string> =>
  Object.fromEntries(logins.map((login) => [login, password()]));

/** The secrets of a data folder, in a file that only its owner can read. */
export class DemoSecretsFile {
  private readonly file: string;

  constructor(folder: string) {
    this.file = join(folder, 'demo-secrets.json');
  }

  read(traders: readonly string[], brokerLogins: readonly string[]): DemoSecrets {
    const text = fileText(this.file);
    if (text !== '') return JSON.parse(text) as DemoSecrets;
    const secrets = {
      registryKey: randomBytes(32).toString('base64'),
      traderPasswords: passwordsFor(traders),
      brokerPasswords: passwordsFor(brokerLogins),
    };
    this.write(secrets);
    return secrets;
  }

  write(secrets: DemoSecrets): void {
    writePrivate(this.file, `${JSON.stringify(secrets, null, 2)}\n`);
  }
}
