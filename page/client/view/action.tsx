import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Scrolling } from "./scrolling.tsx";

/** A button for something that takes a moment and may fail; it says which. */
export const Action = ({
  run,
  children,
  done,
  main = false,
}: {
  readonly run: () => Promise<unknown>;
  readonly children: ComponentChildren;
  /** What is said when it has been done. */
  readonly done?: string;
  readonly main?: boolean;
}) => {
  const [state, setState] = useState<"idle" | "busy" | "done">("idle");
  const [problem, setProblem] = useState<string>();
  const click = async (): Promise<void> => {
    setState("busy");
    setProblem(undefined);
    try {
      await run();
      setState("done");
    } catch (error) {
      setState("idle");
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <span class="action">
      <button
        type="button"
        class={main ? "main" : undefined}
        disabled={state === "busy"}
        onClick={() => void click()}
      >
        {children}
      </button>
      <span role="status">{state === "done" && done}</span>
      {problem !== undefined && (
        <span class="problem" role="alert">
          {problem}
        </span>
      )}
    </span>
  );
};

/** Text to be taken along. */
export const CopyableText = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <div class="copyable">
    <Scrolling label={label}>
      <pre>{text}</pre>
    </Scrolling>
    <Action run={() => navigator.clipboard.writeText(text)} done="Copied.">
      Copy
    </Action>
  </div>
);
