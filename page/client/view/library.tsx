import { useEffect, useState } from "preact/hooks";
import { type AssetState, INDEXED_FORMATS } from "../../../handler/core/record/index.ts";
import type { AssetPage, AssetView } from "../../model.ts";
import { imageAddress } from "../place.ts";
import { get } from "../server.ts";
import { dateText, sizeText } from "../text.ts";
import { Icon } from "./icon.tsx";
import { Thumbnail } from "./journey.tsx";

/** What the form holds, as text. */
type Criteria = Readonly<Record<"prefix" | "state" | "format" | "from" | "to", string>>;
const ANYTHING: Criteria = { prefix: "", state: "", format: "", from: "", to: "" };

const STATES = {
  PROCESSED: "processed",
  FAILED: "failed",
  RECEIVED: "under way",
  DELETED: "deleted",
} as const satisfies Record<AssetState, string>;

/** Somebody who types is waited for. Milliseconds. */
const PAUSE_MS = 250;

/** Days are meant as the person's clock has them. */
const queryOf = ({ from, to, ...rest }: Criteria): Record<string, string> => ({
  ...rest,
  from: from === "" ? "" : new Date(`${from}T00:00:00`).toISOString(),
  to: to === "" ? "" : new Date(`${to}T23:59:59.999`).toISOString(),
});

const AssetCard = ({ asset }: { readonly asset: AssetView }) => (
  <li class={`asset ${asset.state.toLowerCase()}`}>
    <Thumbnail asset={asset} />
    <h2 class="key">
      <a href={imageAddress(asset.key)}>{asset.key}</a>
    </h2>
    <p>
      {asset.state === "FAILED" ? (
        <span class="tag bad">{asset.reasonCode}</span>
      ) : (
        `${asset.format?.toUpperCase() ?? STATES.RECEIVED}${asset.width === undefined ? "" : `, ${asset.width} × ${asset.height}`}, ${sizeText(asset.sizeBytes)}`
      )}
    </p>
    <p>{dateText(asset.uploadTime)}</p>
  </li>
);

const Choice = ({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
}) => (
  <label>
    {label}
    <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
      <option value="">any</option>
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </select>
  </label>
);

type Results = {
  readonly assets: readonly AssetView[];
  readonly next?: string | undefined;
  readonly isLoading: boolean;
  readonly problem?: string | undefined;
};

/** Every record, page by page, and what of them is looked for. */
export const LibraryView = () => {
  const [criteria, setCriteria] = useState(ANYTHING);
  const [results, setResults] = useState<Results>({ assets: [], isLoading: true });
  const set = (name: keyof Criteria) => (value: string) =>
    setCriteria((before) => ({ ...before, [name]: value }));

  const typed =
    (name: keyof Criteria) =>
    ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) =>
      set(name)(currentTarget.value);

  const load = async (
    before: readonly AssetView[],
    after: string,
    isCurrent: () => boolean,
  ): Promise<void> => {
    setResults((shown) => ({ ...shown, isLoading: true, problem: undefined }));
    try {
      const page = await get<AssetPage>("api/assets", { ...queryOf(criteria), after });
      if (isCurrent()) {
        setResults({ assets: [...before, ...page.assets], next: page.next, isLoading: false });
      }
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (isCurrent()) {
        setResults({ assets: before, isLoading: false, problem });
      }
    }
  };

  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => void load([], "", () => isCurrent), criteria === ANYTHING ? 0 : PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [criteria]);

  const { assets, next, isLoading, problem } = results;
  return (
    <>
      <h1 tabIndex={-1}>Library</h1>
      <search>
        <form class="filters" onSubmit={(event) => event.preventDefault()}>
          <label>
            Key begins with
            <input type="search" value={criteria.prefix} onInput={typed("prefix")} />
          </label>
          <Choice
            label="State"
            value={criteria.state}
            options={Object.entries(STATES)}
            onChange={set("state")}
          />
          <Choice
            label="Format"
            value={criteria.format}
            options={INDEXED_FORMATS.map((format) => [format, format.toUpperCase()])}
            onChange={set("format")}
          />
          <label>
            Uploaded from
            <input type="date" value={criteria.from} onInput={typed("from")} />
          </label>
          <label>
            until
            <input type="date" value={criteria.to} onInput={typed("to")} />
          </label>
        </form>
      </search>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <p role="status" class="count">
        {isLoading
          ? "Looking …"
          : assets.length === 0
            ? "Nothing is like that."
            : `${assets.length} shown${next === undefined ? ", that is all" : ""}`}
      </p>
      <ul class="assets">
        {assets.map((asset) => (
          <AssetCard key={asset.key} asset={asset} />
        ))}
      </ul>
      {next !== undefined && (
        <button type="button" disabled={isLoading} onClick={() => void load(assets, next, () => true)}>
          <Icon name="search" /> Show more
        </button>
      )}
    </>
  );
};
