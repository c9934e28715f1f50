/** The operator asked for something that cannot be: one line for the terminal. */
export class RegistryError extends Error {
  readonly code = 'registry';
}
