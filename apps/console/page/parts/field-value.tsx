const VALUE_MAX = 60;

/** A field of a state, or the beginning of one that is long. */
export function FieldValue({ value }: { readonly value: unknown }) {
  if (value === null) return <span class="quiet">none</span>;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return <span title={text}>{text.length > VALUE_MAX ? `${text.slice(0, VALUE_MAX)}…` : text}</span>;
}
