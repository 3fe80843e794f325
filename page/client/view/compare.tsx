import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Two pictures of the same thing in one frame; a slider shows more of one or of the other. */
export const Compare = ({
  before,
  after,
  width,
  height,
  placeholder,
}: {
  readonly before: { readonly source: string; readonly label: string };
  readonly after: { readonly source: string; readonly label: string };
  /** Of the frame, in proportion. */
  readonly width: number;
  readonly height: number;
  readonly placeholder?: string | undefined;
}) => {
  const [split, setSplit] = useState(50);
  const frame = useRef<HTMLDivElement>(null);
  // By the style object: the content security policy refuses style attributes.
  useLayoutEffect(() => {
    frame.current?.style.setProperty("--split", `${split}%`);
    frame.current?.style.setProperty("--ratio", `${width} / ${height}`);
  }, [split, width, height]);
  return (
    <figure class="compare">
      <div class="compare-frame" ref={frame}>
        {placeholder !== undefined && <img class="behind" src={placeholder} alt="" />}
        <img class="compare-after" src={after.source} alt={after.label} />
        <img class="compare-before" src={before.source} alt={before.label} />
        <span class="compare-line" aria-hidden="true" />
        <input
          type="range"
          min="0"
          max="100"
          value={split}
          aria-label={`How much of the original is shown, beside ${after.label}`}
          onInput={({ currentTarget }) => setSplit(Number(currentTarget.value))}
        />
      </div>
      <figcaption>
        <span>◀ {before.label}</span>
        <span>{after.label} ▶</span>
      </figcaption>
    </figure>
  );
};
