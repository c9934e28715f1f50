import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { Refused } from '../refused.ts';

/** Forms and queries into their classes: unknown fields are dropped, the first fault is told as a sentence. */
export const formPipe = new ValidationPipe({
  transform: true,
  whitelist: true,
  stopAtFirstError: true,
  validationError: { target: false, value: false },
  exceptionFactory: (errors) => new Refused(sentenceOf(errors)),
});

function sentenceOf([first]: readonly ValidationError[]): string {
  const [fault = 'the request could not be read'] = Object.values(first?.constraints ?? {});
  return `${fault.charAt(0).toUpperCase()}${fault.slice(1)}.`;
}
