import { useState } from "preact/hooks";
import { stringAttribute } from "../../../handler/core/notice/text.ts";
import { plainJson } from "../../../handler/core/strangers-text.ts";
import type {
  AssetDetail,
  AssetView,
  LogLineView,
  MetadataComparison,
  MetadataView,
  RenditionView,
} from "../../model.ts";
import { get, originalUrl, post, renditionUrl } from "../server.ts";
import type { State } from "../store.ts";
import { clockText, countText, dateText, durationText, savingText, sizeText } from "../text.ts";
import { Action, CopyableText } from "./action.tsx";
import { Compare } from "./compare.tsx";
import { Icon } from "./icon.tsx";
import { Outcome } from "./journey.tsx";
import { Loading, useLoaded } from "./loading.tsx";
import { Mails } from "./mailbox.tsx";
import { Scrolling } from "./scrolling.tsx";
import { JourneyTrack } from "./stations.tsx";
import { Tabs } from "./tabs.tsx";

/** Formats that no browser but Safari shows. */
const isShown = (format: string | undefined): boolean => format !== undefined && format !== "tiff";

/** How far a rendition's shape is from its original's; 0 for the same. */
const distortion = (asset: AssetView, { width, height }: RenditionView): number =>
  Math.abs(Math.log(((asset.width ?? 1) / (asset.height ?? 1)) * (height / width)));

/** The rendition that is most like its original: the same shape, and large. */
const bestFor = (asset: AssetView): RenditionView | undefined =>
  asset.renditions
    .filter(({ format }) => isShown(format))
    .toSorted(
      (a, b) =>
        Math.round(distortion(asset, a) * 20) - Math.round(distortion(asset, b) * 20) ||
        b.width - a.width ||
        a.sizeBytes - b.sizeBytes,
    )[0];

const nameOf = ({ name, format }: RenditionView): string => `${name}, ${format}`;

const Renditions = ({ asset }: { readonly asset: AssetView }) => {
  const [chosen, setChosen] = useState<string>();
  const shown = asset.renditions.find(({ key }) => key === chosen) ?? bestFor(asset);
  const largest = Math.max(1, ...asset.renditions.map(({ sizeBytes }) => sizeBytes));
  return (
    <section aria-labelledby="renditions-title">
      <h2 id="renditions-title">{countText(asset.renditions.length, "rendition")}</h2>
      <div class="halves">
        {shown !== undefined && isShown(asset.format) && isShown(shown.format) ? (
          <Compare
            before={{
              source: originalUrl(asset.key, asset.versionId),
              label: `original, ${sizeText(asset.sizeBytes)}`,
            }}
            after={{
              source: renditionUrl(shown.key, asset.versionId),
              label: `${nameOf(shown)}, ${sizeText(shown.sizeBytes)}`,
            }}
            width={shown.width}
            height={shown.height}
            placeholder={asset.placeholder}
          />
        ) : (
          <p class="empty">Browsers show no TIFF: download it, or choose a rendition that they show.</p>
        )}
        <Scrolling label="Renditions">
          <table>
            <thead>
              <tr>
                <th>Rendition</th>
                <th class="number">Pixels</th>
                <th class="number">Size</th>
                <th class="number">Saving</th>
              </tr>
            </thead>
            <tbody>
              {asset.renditions.map((rendition) => (
                <tr key={rendition.key} class={rendition === shown ? "chosen" : undefined}>
                  <td>
                    <button
                      type="button"
                      class="link"
                      aria-pressed={rendition === shown}
                      onClick={() => setChosen(rendition.key)}
                    >
                      {rendition.name}
                    </button>{" "}
                    <a href={renditionUrl(rendition.key, asset.versionId)} target="_blank" rel="noreferrer">
                      {rendition.format}
                      <span class="unseen"> of {rendition.name}, opens a window</span>
                    </a>
                  </td>
                  <td class="number">
                    {rendition.width} × {rendition.height}
                  </td>
                  <td class="number">
                    {sizeText(rendition.sizeBytes)}
                    <meter aria-hidden="true" min={0} max={largest} value={rendition.sizeBytes} />
                  </td>
                  <td class="number">{savingText(asset.sizeBytes, rendition.sizeBytes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolling>
      </div>
    </section>
  );
};

const GROUPS = {
  place: "Where it was taken",
  time: "When",
  camera: "With what",
  person: "By whom",
  colour: "Colours",
  other: "Other",
} as const satisfies Record<MetadataView["group"], string>;

const Metadata = ({ comparison }: { readonly comparison: MetadataComparison }) => {
  const left = new Set(comparison.rendition.map(({ name }) => name));
  if (comparison.original.length === 0) {
    return <p class="empty">The original tells nothing but its pixels.</p>;
  }
  return (
    <Scrolling label="Metadata">
      <table>
        <thead>
          <tr>
            <th>Kind</th>
            <th>Found in the original</th>
            <th>In the renditions</th>
          </tr>
        </thead>
        <tbody>
          {comparison.original.map(({ group, name, value }) => (
            <tr key={name}>
              <td>{GROUPS[group]}</td>
              <td>
                <strong>{name}</strong> {value}
              </td>
              <td>
                {left.has(name) ? (
                  <span class="tag">kept</span>
                ) : (
                  <span class="tag good">
                    <Icon name="done" /> stripped
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
};

const Logs = ({ lines }: { readonly lines: readonly LogLineView[] }) =>
  lines.length === 0 ? (
    <p class="empty">Nothing is logged yet; logs come a moment later than records.</p>
  ) : (
    <ol class="logs">
      {lines.map(({ timestamp, level, message, ...fields }) => (
        <li key={`${timestamp} ${message}`}>
          <details>
            <summary>
              <span class="mono">{clockText(timestamp)}</span>{" "}
              <span class={`tag level-${level.toLowerCase()}`}>{level}</span> {message}
            </summary>
            <Scrolling label={`Fields of: ${message}`}>
              <pre>{plainJson(fields)}</pre>
            </Scrolling>
          </details>
        </li>
      ))}
    </ol>
  );

const Facts = ({ asset }: { readonly asset: AssetView }) => (
  <dl class="facts">
    {[
      ["Format", asset.format?.toUpperCase() ?? "unknown"],
      ["Pixels", asset.width === undefined ? "unknown" : `${asset.width} × ${asset.height}`],
      ["Size", sizeText(asset.sizeBytes)],
      ["Uploaded", dateText(asset.uploadTime)],
      ["Took", asset.durationMs === undefined ? "–" : durationText(asset.durationMs)],
      ["Attempts", String(asset.attempts)],
      ...(asset.madeWith === undefined
        ? []
        : [["Made with", `sharp ${asset.madeWith.sharp}, libvips ${asset.madeWith.libvips}`]]),
    ].map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);

const Pictures = ({ pictures }: Pick<AssetDetail, "pictures">) => (
  <>
    <p class="lead">For a web page: the best format that a browser knows, in the size that it needs.</p>
    {Object.entries(pictures).map(([name, text]) => (
      <section key={name}>
        <h3>{name}</h3>
        <CopyableText text={text} label={`Picture element of ${name}`} />
      </section>
    ))}
  </>
);

const MetadataTab = ({ asset }: { readonly asset: AssetView }) => {
  const metadata = useLoaded(
    () => get<MetadataComparison>("api/asset/metadata", { key: asset.key }),
    [asset.key, asset.versionId],
  );
  return <Loading of={metadata}>{(comparison) => <Metadata comparison={comparison} />}</Loading>;
};

const LogsTab = ({ asset }: { readonly asset: AssetView }) => {
  const logs = useLoaded(
    () => get<readonly LogLineView[]>("api/asset/logs", { key: asset.key }),
    [asset.key, asset.versionId, asset.notifiedAt],
  );
  return <Loading of={logs}>{(lines) => <Logs lines={lines} />}</Loading>;
};

const Detail = ({ detail, state }: { readonly detail: AssetDetail; readonly state: State }) => {
  const { asset, record, pictures } = detail;
  const journey = state.journeys.get(detail.journey.id) ?? detail.journey;
  // A mail tells the key as SNS can hold it.
  const mailedKey = stringAttribute(asset.key).value;
  const mails = state.mails.filter(({ key }) => key === mailedKey);
  return (
    <>
      <div class="card">
        <JourneyTrack {...journey} />
        <Outcome {...journey} />
        <Facts asset={asset} />
        <div class="buttons">
          <a class="button" href={originalUrl(asset.key, asset.versionId)} download="">
            Download the original
          </a>
          {state.target?.isReadOnly === false && (
            <Action run={() => post("api/retry", { key: asset.key })} done="On its way again.">
              <Icon name="retry" /> {asset.state === "FAILED" ? "Try again" : "Process again"}
            </Action>
          )}
        </div>
      </div>
      {asset.renditions.length > 0 && <Renditions asset={asset} />}
      <Tabs
        label="More about it"
        tabs={[
          ...(asset.state === "PROCESSED"
            ? [{ title: "Metadata", view: () => <MetadataTab asset={asset} /> }]
            : []),
          ...(Object.keys(pictures).length > 0
            ? [{ title: "Picture elements", view: () => <Pictures pictures={pictures} /> }]
            : []),
          { title: "Mails", view: () => <Mails mails={mails} /> },
          { title: "Logs", view: () => <LogsTab asset={asset} /> },
          {
            title: "Record",
            view: () => <CopyableText text={plainJson(record)} label="Record as JSON" />,
          },
        ]}
      />
    </>
  );
};

/** One original: its way, its renditions, and all that is known of it. */
export const ImageView = ({ imageKey, state }: { readonly imageKey: string; readonly state: State }) => {
  // Read again whenever a journey of it has gone on.
  const news = [...state.journeys.values()]
    .filter(({ key }) => key === imageKey)
    .map(({ id, outcome, asset }) => `${id} ${outcome} ${asset?.notifiedAt}`)
    .join();
  const detail = useLoaded(() => get<AssetDetail>("api/asset", { key: imageKey }), [imageKey, news]);
  return (
    <>
      <p class="trail">
        <a href="#/library">Library</a>
      </p>
      <h1 tabIndex={-1} class="key">
        {imageKey}
      </h1>
      <Loading of={detail}>{(loaded) => <Detail detail={loaded} state={state} />}</Loading>
    </>
  );
};
