export type Tone = 'good' | 'warn' | 'bad' | 'off';

/** A light; the words beside it say the same. */
export const Dot = ({ tone }: { readonly tone: Tone }) => <span class={`dot ${tone}`} aria-hidden="true" />;
