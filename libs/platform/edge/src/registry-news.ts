import type { Uuid } from '@core/contracts/primitives';
import { Injectable } from '@nestjs/common';

/** What the operator changed in the registry, for whoever remembers something of it. */
@Injectable()
export class RegistryNews {
  private readonly onChange: (() => void)[] = [];
  private readonly onRevocation: ((keyId: Uuid) => void)[] = [];

  /** Something may not be as it was: traders, accounts, keys, integrations. */
  onChanged(listener: () => void): void {
    this.onChange.push(listener);
  }

  onKeyRevoked(listener: (keyId: Uuid) => void): void {
    this.onRevocation.push(listener);
  }

  changed(): void {
    for (const listener of this.onChange) listener();
  }

  keyRevoked(keyId: Uuid): void {
    for (const listener of this.onRevocation) listener(keyId);
  }
}
