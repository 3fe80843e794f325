import type { ComponentChildren } from "preact";

/** Something wider or longer than its place: it scrolls, by keys as well. */
export const Scrolling = ({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ComponentChildren;
}) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: without a focus of its own, no key would scroll it
  <section class="scrolling" tabIndex={0} aria-label={label}>
    {children}
  </section>
);
