/** Shapes in a square of 24, drawn as lines. */
const SHAPES = {
  uploaded: "M12 16V5m0 0L7.5 9.5M12 5l4.5 4.5M5 19h14",
  queued: "M5 7h14M5 12h14M5 17h8",
  processing: "M4 17l5-6 4 4.5 2.5-2.5L20 17M8 7.5h.01M4 4h16v16H4z",
  stored: "M4 7c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zm0 0v10c0 1.7 3.6 3 8 3s8-1.3 8-3V7",
  recorded: "M6 4h12v16H6zM9 9h6M9 13h6M9 17h3",
  mailed: "M4 6h16v12H4zm0 1l8 6 8-6",
  done: "M5 12.5l4.5 4.5L19 7.5",
  failed: "M7 7l10 10M17 7L7 17",
  skipped: "M7 12h10",
  retry: "M19 12a7 7 0 1 1-2-5m2-3v4h-4",
  search: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zm5 12l4 4",
  theme: "M12 4v16a8 8 0 0 0 0-16zM12 4a8 8 0 0 0 0 16",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M5 11h14v9H5z",
  folder: "M4 6h6l2 2h8v11H4z",
  image: "M4 5h16v14H4zm0 11l5-5 4 4 2.5-2.5L20 17M15.5 9h.01",
  copy: "M8 8h11v12H8zM5 16V4h10",
} as const;
export type IconName = keyof typeof SHAPES;

export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={SHAPES[name]} />
  </svg>
);
