import { PaperTerms } from '@core/paper/terms';
import type { RegisteredBroker } from '@core/registry/entities';
import { Option } from 'commander';
import { BadInput } from './bad-input.ts';

const PROTOCOL = 'paper';

/** How an operator says what a paper venue is; what is left out stays as it was. */
export interface PaperVenue {
  readonly venue: string;
  readonly quotesOf?: string;
  readonly currency?: string;
  readonly balance?: string;
  readonly leverage?: string;
  readonly commissionPerLot?: string;
  readonly stopOutPercent?: string;
  readonly rollover?: string;
  readonly rolloverZone?: string;
}

export const PAPER_OPTIONS: readonly Option[] = [
  new Option('--quotes-of <venue>', 'paper: the venue whose live prices it trades at'),
  new Option('--currency <code>', 'paper: of its accounts'),
  new Option('--balance <amount>', 'paper: what an account begins with'),
  new Option('--leverage <number>', 'paper: the most it gives, as 30 for 1:30'),
  new Option('--commission-per-lot <amount>', 'paper: for opening and closing together'),
  new Option('--stop-out-percent <number>', 'paper: at how much of its margin positions are closed'),
  new Option('--rollover <time>', 'paper: when a trading day ends, as 17:00'),
  new Option('--rollover-zone <zone>', 'paper: by whose clock, as America/New_York'),
];

/** The venue as it is to be kept; throws `BadInput` where it is none. */
export function paperBroker(known: RegisteredBroker | undefined, options: PaperVenue): RegisteredBroker {
  const { venue, quotesOf, currency, balance, leverage, commissionPerLot, stopOutPercent } = options;
  if (known && known.protocol !== PROTOCOL) throw new BadInput(`${venue} speaks ${known.protocol}`);
  if (!known && !(quotesOf && currency)) throw new BadInput(`${venue} is new: say --quotes-of and --currency`);
  const before: Partial<PaperTerms> = known?.endpoint ?? {};
  const rollover = { ...before.rollover, ...said({ at: options.rollover, zone: options.rolloverZone }) };
  const stopOut = stopOutPercent === undefined ? {} : { stopOutPercent: Number(stopOutPercent) };
  const terms = { ...said({ quotesOf, currency, balance, leverage, commissionPerLot }), ...stopOut, rollover };
  const endpoint = PaperTerms.safeParse({ ...before, ...terms });
  const issue = endpoint.error?.issues[0];
  if (!endpoint.success) throw new BadInput(`${issue?.path.join(' ')}: ${issue?.message}`);
  if (endpoint.data.quotesOf === venue) throw new BadInput('a paper venue has the prices of another');
  return { venue, protocol: PROTOCOL, endpoint: endpoint.data };
}

const said = <Of extends object>(of: Of): Partial<Of> =>
  Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as Partial<Of>;
