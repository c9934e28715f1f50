import type { OauthClient } from '@core/registry/entities';
import { Registry } from '@core/registry/registry';
import { Injectable } from '@nestjs/common';

/** Who may send people to the login page. */
export abstract class OauthClients {
  /** Null for one that is not registered, or not any more. */
  abstract find(id: string): Promise<OauthClient | null>;
}

@Injectable()
export class RegisteredOauthClients extends OauthClients {
  constructor(private readonly registry: Registry) {
    super();
  }

  find(id: string): Promise<OauthClient | null> {
    return this.registry.oauthClients.find(id);
  }
}
