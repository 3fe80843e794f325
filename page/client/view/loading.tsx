import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

type Loaded<Value> =
  | { readonly state: "loading"; readonly value: Value | undefined }
  | { readonly state: "loaded"; readonly value: Value }
  | { readonly state: "failed"; readonly problem: string };

/** Loads something, and again whenever `when` changes; what was loaded before stays until then. */
export const useLoaded = <Value,>(load: () => Promise<Value>, when: readonly unknown[]): Loaded<Value> => {
  const [loaded, setLoaded] = useState<Loaded<Value>>({ state: "loading", value: undefined });
  useEffect(() => {
    let isCurrent = true;
    setLoaded((before) => ({
      state: "loading",
      value: before.state === "failed" ? undefined : before.value,
    }));
    load().then(
      (value) => isCurrent && setLoaded({ state: "loaded", value }),
      (error: unknown) =>
        isCurrent &&
        setLoaded({ state: "failed", problem: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, when);
  return loaded;
};

/** What was loaded, or that it is loading, or why it could not be. */
export const Loading = <Value,>({
  of: loaded,
  children,
}: {
  readonly of: Loaded<Value>;
  readonly children: (value: Value) => ComponentChildren;
}) => {
  if (loaded.state === "failed") {
    return (
      <p class="problem" role="alert">
        {loaded.problem}
      </p>
    );
  }
  return loaded.value === undefined ? <p class="empty">Loading …</p> : children(loaded.value);
};
