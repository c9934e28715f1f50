/** What the operator typed cannot be done; one line says why, and the exit code is 2. */
export class BadInput extends Error {
  readonly code = 'bad-input';
}
