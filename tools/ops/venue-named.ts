import { Venue } from '@core/contracts/primitives';
import { BadInput } from './bad-input.ts';

/** Throws `BadInput` where the text is no venue. */
export function venueNamed(text: string): Venue {
  const venue = Venue.safeParse(text);
  if (!venue.success) throw new BadInput(`${text} is no venue`);
  return venue.data;
}
