import type { AnswerLog } from './answer-log.ts';
import { isFailure, shown } from './answer-judge.ts';
import { OPERATIONS, type Operation, type OperationName } from './operations.ts';
import { whyUnreachable } from './reachability.ts';
import type { RunOptions } from './run-options.ts';
import { MissingGround, NOBODY_LOGGED_IN, UnfitAnswer } from './verdict.ts';
import type { Wire, WireAnswer, WireRecording, WireRequest } from './wire.ts';

type Fields = Readonly<Record<string, string>>;

export interface Asked {
  readonly params?: Fields;
  readonly query?: Fields;
  readonly form?: Fields;
  /** Instead of the login of this run; null sends none. */
  readonly token?: string | null;
  readonly locale?: string;
  readonly headers?: Fields;
}

export interface Reply {
  /** As a log would show the request. */
  readonly at: string;
  readonly status: number;
  readonly headers: Fields;
  readonly body: unknown;
}

const WITHOUT_LOCALE: readonly OperationName[] = [
  ...(['authorize', 'logout', 'getMapping', 'trackLatency', 'getPermissions'] as const),
  ...(['getGroups', 'getSymbolInfo', 'getHistory', 'streaming'] as const),
];
export const ORIGIN = 'https://www.tradingview.com';

/** Calls operations as TradingView does, and has every answer looked at on its way. */
export class ConformanceClient {
  /** Of the login that everything is asked with. */
  token: string | null = null;
  /** What that token is renewed with, where it came by OAuth 2.0. */
  refreshToken: string | null = null;

  constructor(
    readonly wire: Wire,
    readonly log: AnswerLog,
    private readonly options: RunOptions,
  ) {}

  /** Rejects with an unfit answer where there is none, or none that is JSON. */
  async ask(name: OperationName, asked: Asked = {}): Promise<Reply> {
    const request = this.requestOf(name, asked);
    const at = `${request.method} ${pathOf(request.url)}`;
    const answer = await this.send(request, at);
    this.judgeTransport(answer, at);
    const body = bodyOf(answer, at);
    if (answer.status === 200) this.log.body(name, body, at);
    return { at, status: answer.status, headers: answer.headers, body };
  }

  /** The `d` of an answer that must be a success; of those without an envelope, all of it. */
  async must<Data>(name: OperationName, asked: Asked = {}): Promise<Data> {
    const isTakenForPublic = OPERATIONS[name].auth === 'data' && this.options.data?.authorization === null;
    return dataOf<Data>(await this.ask(name, asked), isTakenForPublic ? PUBLIC_DATA : undefined);
  }

  /** One answer, whatever it says and however it is written. */
  async send(request: WireRequest, at: string): Promise<WireAnswer> {
    try {
      return await this.wire.send(request);
    } catch (error) {
      throw new UnfitAnswer({ expected: 'an answer within 10 s', got: whyUnreachable(error as Error), at });
    }
  }

  async listen(name: OperationName, forMs: number, asked: Asked = {}): Promise<WireRecording & { at: string }> {
    const request = this.requestOf(name, asked);
    const at = `${request.method} ${pathOf(request.url)}`;
    try {
      return { ...(await this.wire.listen(request, forMs)), at };
    } catch (error) {
      throw new UnfitAnswer({ expected: 'a stream', got: whyUnreachable(error as Error), at });
    }
  }

  requestOf(name: OperationName, asked: Asked): WireRequest {
    const { route, auth }: Operation = OPERATIONS[name];
    const [method = '', template = ''] = route.split(' ');
    const path = template.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(asked.params?.[key] ?? ''));
    const query = new URLSearchParams(asked.query);
    if (!WITHOUT_LOCALE.includes(name)) query.set('locale', asked.locale ?? this.options.locales[0]);
    const base = auth === 'data' ? (this.options.data?.url ?? this.options.url) : this.options.url;
    return {
      method,
      url: `${base}${path}${query.size === 0 ? '' : `?${query.toString()}`}`,
      headers: {
        accept: 'application/json',
        ...(auth === 'data' ? {} : { origin: ORIGIN }),
        ...this.authorization(auth, asked.token),
        ...(method !== 'GET' && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...asked.headers,
      },
      ...(method !== 'GET' && { body: new URLSearchParams(asked.form ?? {}).toString() }),
    };
  }

  private authorization(auth: Operation['auth'], instead: string | null | undefined): Fields {
    if (instead !== undefined) return instead === null ? {} : { authorization: `Bearer ${instead}` };
    if (auth === 'data') {
      const { authorization } = this.options.data ?? { authorization: null };
      return authorization === null ? {} : { authorization };
    }
    if (auth === 'none') return {};
    if (this.token === null) throw new MissingGround(NOBODY_LOGGED_IN);
    return { authorization: `Bearer ${this.token}` };
  }

  private judgeTransport({ status, headers }: WireAnswer, at: string): void {
    const expected = 'HTTP status 200, or 401 for who is not known';
    this.log.add('transport.status', [200, 401].includes(status) ? [] : [{ expected, got: String(status) }], at);
    if (status === 401) return;
    const type = headers['content-type'] ?? 'none';
    const isJson = type.includes('application/json');
    this.log.add(
      'transport.content-type',
      isJson ? [] : [{ expected: 'Content-Type application/json', got: type }],
      at,
    );
  }
}

function bodyOf({ status, body }: WireAnswer, at: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    if (status === 401) return null;
    throw new UnfitAnswer({ expected: 'an answer in JSON', got: `HTTP ${status}, ${shown(body)}`, at });
  }
}

const PUBLIC_DATA = 'a success, for without --data-authorization the data part counts as public';

/** Address and query, without what every address begins with. */
export const pathOf = (url: string): string => url.replace(/^https?:\/\/[^/]+/, '');

/** The `d` of a success; of one without an envelope, all of it. */
export function dataOf<Data>({ at, status, body }: Reply, expected = 'a success'): Data {
  if (status !== 200 || isFailure(body)) throw new UnfitAnswer({ expected, got: `HTTP ${status}, ${shown(body)}`, at });
  const { s, d } = body as { s?: unknown; d?: unknown };
  return (s === 'ok' && d !== undefined ? d : body) as Data;
}
