/** What is drawn of a simulator, and done to it, by its control port. */
export interface OfControl {
  /** Where that answers: behind the console, which asks who may, or as it is. */
  readonly at: string;
}
