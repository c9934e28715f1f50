import { randomBytes } from 'node:crypto';
import { Vault, VaultError } from './vault.ts';

const newKey = (): string => randomBytes(32).toString('base64');

describe('vault', () => {
  const vault = new Vault(newKey());

  it('gives back what it sealed, and never seals twice alike', () => {
    const [once, again] = [vault.seal('s3cret', 'account'), vault.seal('s3cret', 'account')];
    expect(once).not.toBe(again);
    expect(Buffer.from(once, 'base64').toString('latin1')).not.toContain('s3cret');
    expect(vault.open(once, 'account')).toBe('s3cret');
  });

  it('opens for its own purpose and key only, and notices a changed bit', () => {
    const sealed = vault.seal('s3cret', 'account-1');
    const bent = Buffer.from(sealed, 'base64');
    bent.writeUInt8(bent.readUInt8(30) ^ 1, 30);
    expect(() => vault.open(sealed, 'account-2')).toThrow(VaultError);
    expect(() => new Vault(newKey()).open(sealed, 'account-1')).toThrow(VaultError);
    expect(() => vault.open(bent.toString('base64'), 'account-1')).toThrow(VaultError);
  });

  it('opens nothing whose proof is shorter than it is made: a short one can be guessed', () => {
    const sealed = Buffer.from(vault.seal('', 'account'), 'base64');
    for (let bytes = 0; bytes < sealed.length; bytes += 1)
      expect(() => vault.open(sealed.subarray(0, bytes).toString('base64'), 'account')).toThrow(VaultError);
  });

  it('takes no short key', () => {
    expect(() => new Vault('c2hvcnQ=')).toThrow(VaultError);
  });
});
