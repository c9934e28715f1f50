import type { RegistryActName } from '@core/operations/registry-acts/registry-acts';

/** What is asked of an act beside why: one field of its form. */
export interface ActField {
  /** As the command line and the API call it. */
  readonly name: string;
  readonly label: string;
  /** `list` is several texts with spaces or commas between them; what is chosen of `wishes` is JSON of several fields. */
  readonly kind: 'text' | 'list' | 'flag' | 'choice' | 'wishes';
  /** Of a choice: what is sent, and what it is called. The first is chosen; an empty one is left out. */
  readonly choices?: readonly (readonly [value: string, name: string])[];
  readonly isNeeded?: boolean;
  /** What is in it at first. */
  readonly value?: string;
  readonly hint?: string;
  /** Under which heading it is folded away; nothing is always shown. */
  readonly fold?: string;
}

/** Something that can be done, and what is known of it before it is asked for. */
export interface ActOffer {
  readonly act: RegistryActName;
  /** What the button says. */
  readonly label: string;
  /** What it is done to, for the form’s head and for whoever hears the button. */
  readonly about: string;
  readonly wish: Readonly<Record<string, unknown>>;
  readonly fields?: readonly ActField[];
}

/** What was typed and chosen, as the API takes it: what was left empty is left out. */
export function wishOf({ wish, fields = [] }: ActOffer, form: FormData): Record<string, unknown> {
  const said: Record<string, unknown> = { ...wish };
  for (const { name, kind } of fields) {
    const text = String(form.get(name) ?? '').trim();
    if (text === '') continue;
    if (kind === 'wishes') Object.assign(said, JSON.parse(text));
    else said[name] = kind === 'list' ? text.split(/[\s,]+/) : kind === 'flag' ? true : text;
  }
  return said;
}
