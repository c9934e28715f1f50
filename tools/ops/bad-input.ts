import { AskedWrongly } from '@core/operations/asked-wrongly';

/** What the operator typed cannot be done; one line says why, and the exit code is 2. */
export class BadInput extends AskedWrongly {
  override readonly code = 'bad-input';
}
