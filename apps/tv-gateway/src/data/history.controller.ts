import { decodeHistory } from '@core/tradingview/decode/history';
import { refusalText } from '@core/tradingview/translate/words';
import { Controller, Get, Header, Query, UseGuards } from '@nestjs/common';
import { NumberText, OptionalNumberText, TextField } from '../http/fields.ts';
import { formPipe } from '../http/form.pipe.ts';
import { Refused } from '../refused.ts';
import { DataGuard } from './data.guard.ts';
import { HistoryAnswers } from './history-answers.ts';
import { OfferedSymbols } from './offered-symbols.ts';

export class HistoryOfBarsQuery {
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

/** Bars as they are settled, and the one that runs. Nothing to tell is empty columns; what is not known is an error. */
@Controller()
@UseGuards(DataGuard)
export class HistoryController {
  constructor(
    private readonly symbols: OfferedSymbols,
    private readonly answers: HistoryAnswers,
  ) {}

  @Get('history')
  @Header('content-type', 'application/json; charset=utf-8')
  async history(@Query(formPipe) query: HistoryOfBarsQuery): Promise<Buffer> {
    const { venue } = this.symbols;
    const decoded = decodeHistory(query);
    if (!decoded.ok) throw new Refused(decoded.error);
    const { symbol, countback, ...range } = decoded.value;
    const instrument = await this.instrumentNamed(symbol);
    const question = { venue, instrument, ...range };
    return countback === null
      ? this.answers.between(question, Date.now())
      : this.answers.last(question, countback, Date.now());
  }

  /** By its ticker, or else by its symbol. */
  private async instrumentNamed(name: string): Promise<string> {
    const symbols = await this.symbols.all();
    const named = symbols.find(({ spec }) => spec.instrument === name) ?? symbols.find(({ symbol }) => symbol === name);
    if (!named) throw new Refused(refusalText('unknown-instrument'));
    return named.spec.instrument;
  }
}
