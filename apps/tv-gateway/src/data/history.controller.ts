import type { Bar } from '@core/bars/bar';
import { toNumber } from '@core/kernel/decimal';
import { BarHistory } from '@core/market-bars/bar-history';
import { decodeHistory } from '@core/tradingview/decode/history';
import { refusalText } from '@core/tradingview/translate/words';
import type { HistoryAnswer } from '@core/tradingview/wire/feed';
import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { NumberText, OptionalNumberText, TextField } from '../http/fields.ts';
import { formPipe } from '../http/form.pipe.ts';
import { Refused } from '../refused.ts';
import { DataGuard } from './data.guard.ts';
import { OfferedSymbols } from './offered-symbols.ts';

class HistoryOfBarsQuery {
  @TextField('symbol', 64)
  readonly symbol: string;

  @TextField('resolution', 8)
  readonly resolution: string;

  @OptionalNumberText('from')
  readonly from?: string;

  @NumberText('to')
  readonly to: string;

  @OptionalNumberText('countback')
  readonly countback?: string;
}

const NO_ANSWER = {
  unknown: { key: 'data.barsUnknown' },
  'too-many': { key: 'data.tooManyBars' },
} as const;

/** Bars as they are settled, and the one that runs. Nothing to tell is empty columns; what is not known is an error. */
@Controller()
@UseGuards(DataGuard)
export class HistoryController {
  constructor(
    private readonly symbols: OfferedSymbols,
    private readonly bars: BarHistory,
  ) {}

  @Get('history')
  async history(@Query(formPipe) query: HistoryOfBarsQuery): Promise<HistoryAnswer> {
    const { venue } = this.symbols;
    const decoded = decodeHistory(query);
    if (!decoded.ok) throw new Refused(decoded.error);
    const { symbol, countback, ...range } = decoded.value;
    const instrument = await this.instrumentNamed(symbol);
    const question = { venue, instrument, ...range };
    const bars =
      countback === null
        ? await this.bars.between(question, Date.now())
        : await this.bars.last(question, countback, Date.now());
    if (typeof bars === 'string') throw new Refused(NO_ANSWER[bars]);
    return answerOf(bars);
  }

  /** By its ticker, or else by its symbol. */
  private async instrumentNamed(name: string): Promise<string> {
    const symbols = await this.symbols.all();
    const named = symbols.find(({ spec }) => spec.instrument === name) ?? symbols.find(({ symbol }) => symbol === name);
    if (!named) throw new Refused(refusalText('unknown-instrument'));
    return named.spec.instrument;
  }
}

const answerOf = (bars: readonly Bar[]): HistoryAnswer => ({
  s: 'ok',
  t: bars.map(({ openedAtMs }) => openedAtMs / 1000),
  o: bars.map(({ open }) => toNumber(open)),
  h: bars.map(({ high }) => toNumber(high)),
  l: bars.map(({ low }) => toNumber(low)),
  c: bars.map(({ close }) => toNumber(close)),
  v: bars.map(({ volume }) => volume),
});
