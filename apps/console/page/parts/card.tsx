import type { ComponentChildren } from 'preact';

interface CardProps {
  readonly title: string;
  /** Beside the title. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly class?: string;
  /** What links on the same page call it. */
  readonly id?: string;
}

export function Card({ title, aside, children, class: more = '', id }: CardProps) {
  return (
    <section class={`card ${more}`} id={id}>
      <header>
        <h2>{title}</h2>
        {aside && <span class="quiet">{aside}</span>}
      </header>
      {children}
    </section>
  );
}
