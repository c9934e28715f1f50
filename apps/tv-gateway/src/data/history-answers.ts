import type { Bar } from '@core/bars/bar';
import { BoundedMap } from '@core/kernel/bounded-map';
import { toNumber } from '@core/kernel/decimal';
import { BarHistory, type HistoryQuestion } from '@core/market-bars/bar-history';
import type { HistoryAnswer } from '@core/tradingview/wire/feed';
import { Injectable } from '@nestjs/common';
import { Refused } from '../refused.ts';

/** Together no more than 64 MiB. A day of minutes is 80 KiB. */
const KEPT_MAX = 512;
const KEPT_BYTES_MAX = 128 * 1024;

const NO_ANSWER = {
  unknown: { key: 'data.barsUnknown' },
  'too-many': { key: 'data.tooManyBars' },
} as const;

/**
 * Bars as `/history` tells them, in bytes. What is settled wholly never changes (docs/decisions/0019), so that answer is
 * kept as it was given, also where the bars are wiped and read again.
 */
@Injectable()
export class HistoryAnswers {
  private readonly kept = new BoundedMap<string, Buffer>(KEPT_MAX);

  constructor(private readonly bars: BarHistory) {}

  /** Throws `Refused` where it is not known yet, or would be too much. */
  async between(question: HistoryQuestion, nowMs: number): Promise<Buffer> {
    const key = Object.values(question).join(' ');
    const known = this.kept.get(key);
    if (known) return known;
    const isFinal = question.toMs < nowMs && (await this.bars.isFinal(question));
    const answer = answerOf(await this.bars.between(question, nowMs));
    if (isFinal && answer.length <= KEPT_BYTES_MAX) this.kept.set(key, answer);
    return answer;
  }

  async last(question: Omit<HistoryQuestion, 'fromMs'>, count: number, nowMs: number): Promise<Buffer> {
    return answerOf(await this.bars.last(question, count, nowMs));
  }
}

function answerOf(bars: readonly Bar[] | keyof typeof NO_ANSWER): Buffer {
  if (typeof bars === 'string') throw new Refused(NO_ANSWER[bars]);
  const answer: HistoryAnswer = {
    s: 'ok',
    t: bars.map(({ openedAtMs }) => openedAtMs / 1000),
    o: bars.map(({ open }) => toNumber(open)),
    h: bars.map(({ high }) => toNumber(high)),
    l: bars.map(({ low }) => toNumber(low)),
    c: bars.map(({ close }) => toNumber(close)),
    v: bars.map(({ volume }) => volume),
  };
  return Buffer.from(JSON.stringify(answer));
}
