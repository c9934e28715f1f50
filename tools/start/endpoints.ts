/** A pair of addresses as `host:port` or URLs. */
export interface SocketPair {
  readonly main: string;
  readonly stream: string;
}

/** `endpoints.json` in the data folder of a running system: where everything listens, and the demo's credentials. */
export interface Endpoints {
  readonly tvGateway: { readonly url: string; readonly login: string; readonly password: string };
  readonly wsSession: { readonly url: string; readonly secretKey: string };
  /** `url` is the webhook of the demo integration; its token goes into the header of that name. */
  readonly proquant: { readonly url: string; readonly header: string; readonly token: string };
  /** A transport that is not on is left out. */
  readonly simulator: {
    readonly tcp?: SocketPair;
    readonly tls?: SocketPair;
    readonly ws?: SocketPair;
    readonly wss?: SocketPair;
    readonly control: string;
    readonly accounts: readonly { readonly userId: string; readonly password: string }[];
  };
  readonly postgres: string;
  readonly nats: string;
  /** URLs by the name of the app: `<health>/live`, `<health>/ready`, and `<metrics>`. */
  readonly services: Readonly<Record<string, { readonly health: string; readonly metrics: string }>>;
}
