import { PaperTerms } from '@core/paper/terms';
import type { RegisteredBroker } from '@core/registry/entities';
import { z } from 'zod';
import { AskedWrongly } from '../asked-wrongly.ts';

const PROTOCOL = 'paper';

const Said = z.string().optional();

/** How an operator says what a paper venue is; what is left out stays as it was. */
export const PaperVenue = z.object({
  /** The venue whose live prices it trades at. */
  quotesOf: Said,
  ...{ currency: Said, balance: Said, leverage: Said, commissionPerLot: Said, stopOutPercent: Said },
  /** When a trading day ends, as `17:00`, and by whose clock. */
  ...{ rollover: Said, rolloverZone: Said },
});

/** The venue as it is to be kept; throws `AskedWrongly` where it is none. */
export function paperBroker(
  known: RegisteredBroker | undefined,
  options: z.output<typeof PaperVenue> & { readonly venue: string },
): RegisteredBroker {
  const { venue, quotesOf, currency, balance, leverage, commissionPerLot, stopOutPercent } = options;
  if (known && known.protocol !== PROTOCOL) throw new AskedWrongly(`${venue} speaks ${known.protocol}`);
  if (!known && !(quotesOf && currency))
    throw new AskedWrongly(`${venue} is new: say the venue whose quotes it has, and its currency`);
  const before: Partial<PaperTerms> = known?.endpoint ?? {};
  const rollover = { ...before.rollover, ...said({ at: options.rollover, zone: options.rolloverZone }) };
  const stopOut = stopOutPercent === undefined ? {} : { stopOutPercent: Number(stopOutPercent) };
  const terms = { ...said({ quotesOf, currency, balance, leverage, commissionPerLot }), ...stopOut, rollover };
  const endpoint = PaperTerms.safeParse({ ...before, ...terms });
  const issue = endpoint.error?.issues[0];
  if (!endpoint.success) throw new AskedWrongly(`${issue?.path.join(' ')}: ${issue?.message}`);
  if (endpoint.data.quotesOf === venue) throw new AskedWrongly('a paper venue has the prices of another');
  return { venue, protocol: PROTOCOL, endpoint: endpoint.data };
}

const said = <Of extends object>(of: Of): Partial<Of> =>
  Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as Partial<Of>;
