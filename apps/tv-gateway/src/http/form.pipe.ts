import type { UserText } from '@core/tradingview/texts/user-text';
import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { Refused } from '../refused.ts';

/** Forms and queries into their classes: unknown fields are dropped, the first fault is told. */
export const formPipe = new ValidationPipe({
  transform: true,
  whitelist: true,
  stopAtFirstError: true,
  validationError: { target: false, value: false },
  exceptionFactory: (errors) => new Refused(faultOf(errors)),
});

function faultOf([first]: readonly ValidationError[]): UserText {
  const [fault] = Object.values(first?.contexts ?? {}) as UserText[];
  return fault ?? { key: 'request.unreadable' };
}
