import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";

type Tab = {
  readonly title: string;
  readonly view: () => JSX.Element;
};

/** Views one of which is seen; arrow keys go from tab to tab (https://www.w3.org/WAI/ARIA/apg/patterns/tabs/). */
export const Tabs = ({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) => {
  const id = useId();
  const [chosen, setChosen] = useState(tabs[0]?.title);
  const list = useRef<HTMLDivElement>(null);
  const index = Math.max(
    0,
    tabs.findIndex(({ title }) => title === chosen),
  );
  const move = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };
    const step = steps[event.key];
    const next = step === undefined ? undefined : tabs[(index + step + tabs.length) % tabs.length];
    if (next !== undefined) {
      event.preventDefault();
      setChosen(next.title);
      queueMicrotask(() => list.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
    }
  };
  const shown = tabs[index];
  return (
    <section class="tabs">
      <div role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map(({ title }, position) => (
          <button
            key={title}
            type="button"
            role="tab"
            id={`${id}-${position}`}
            aria-selected={position === index}
            aria-controls={`${id}-panel`}
            tabIndex={position === index ? 0 : -1}
            onClick={() => setChosen(title)}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${index}`}>
        {shown?.view()}
      </div>
    </section>
  );
};
