/** What was asked for is not there, or may be several things; the message says which. */
export class AskedWrongly extends Error {
  readonly code: string = 'asked-wrongly';
}
