import type { Wire, WireAnswer, WireRecording, WireRequest } from '../wire.ts';
import { ReferenceBroker } from './reference-broker.fixture.ts';

/** How one answer, or one recording, is spoiled; `nth` counts the answers of its operation. */
export interface Damage {
  readonly answer?: (answer: WireAnswer, request: WireRequest, nth: number) => WireAnswer;
  readonly recording?: (recording: WireRecording, request: WireRequest) => WireRecording;
}

/** The reference broker with one rule broken on its way out. */
export class BrokenBroker implements Wire {
  /** Requests that would change something. */
  writes = 0;
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly damage: Damage,
    private readonly broker = new ReferenceBroker(),
  ) {}

  async send(request: WireRequest): Promise<WireAnswer> {
    const answer = await this.broker.send(request);
    if (['POST', 'PUT', 'DELETE'].includes(request.method) && /\/(orders|positions)[/?]/.test(request.url))
      this.writes += 1;
    const operation = `${request.method} ${new URL(request.url).pathname}`;
    const nth = (this.counts.get(operation) ?? 0) + 1;
    this.counts.set(operation, nth);
    return this.damage.answer?.(answer, request, nth) ?? answer;
  }

  async listen(request: WireRequest, forMs: number): Promise<WireRecording> {
    const recording = await this.broker.listen(request, forMs);
    return this.damage.recording?.(recording, request) ?? recording;
  }

  nowMs(): number {
    return this.broker.nowMs();
  }

  wait(ms: number): Promise<void> {
    return this.broker.wait(ms);
  }
}

/** Spoils successes of one operation: `d`, or the whole body where it has no envelope. */
export const spoiled =
  <Data>(
    route: string,
    spoil: (data: Data, nth: number, request: WireRequest) => unknown,
  ): Required<Damage>['answer'] =>
  (answer, request, nth) => {
    const [method = '', ending = ''] = route.split(' ');
    const { pathname } = new URL(request.url);
    if (request.method !== method || !pathname.endsWith(ending) || answer.status !== 200) return answer;
    const body = JSON.parse(answer.body) as { s?: string; d?: unknown };
    if (body.s === 'error') return answer;
    const said = 'd' in body ? { ...body, d: spoil(body.d as Data, nth, request) } : spoil(body as Data, nth, request);
    return { ...answer, body: JSON.stringify(said) };
  };
