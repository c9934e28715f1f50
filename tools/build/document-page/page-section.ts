/** A heading of a page and what stands under it. `html` is HTML, all else is text. */
export interface PageSection {
  readonly title: string;
  readonly parts: readonly { readonly name: string; readonly id: string; readonly html: string }[];
}
