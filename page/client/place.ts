/** The page's views, in the order of its navigation. */
export const VIEWS = [
  { view: "pipeline", title: "Pipeline" },
  { view: "library", title: "Library" },
  { view: "failures", title: "Failures" },
  { view: "mailbox", title: "Mailbox" },
  { view: "renditions", title: "Renditions" },
  { view: "stack", title: "Stack" },
] as const;
export type View = (typeof VIEWS)[number]["view"];

/** Where in the page somebody is, as the address tells it after its `#`. */
export type Place = { readonly view: View } | { readonly view: "image"; readonly key: string };

/** The text behind an escape, or as it stands when the address was written by hand. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

export const placeOf = (hash: string): Place => {
  const [first = "", ...rest] = hash.replace(/^#\/?/, "").split("/");
  if (first === "image" && rest.length > 0) {
    return { view: "image", key: decoded(rest.join("/")) };
  }
  return { view: VIEWS.find(({ view }) => view === first)?.view ?? "pipeline" };
};

export const imageAddress = (key: string): string => `#/image/${encodeURIComponent(key)}`;
