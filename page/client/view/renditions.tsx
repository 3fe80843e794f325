import { useEffect, useState } from "preact/hooks";
import type { AssetPage, TrialView } from "../../model.ts";
import { get, post } from "../server.ts";
import { durationText, savingText, sizeText } from "../text.ts";
import { CopyableText } from "./action.tsx";

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const Tried = ({ trial }: { readonly trial: TrialView }) => (
  <ul class="assets">
    {trial.renditions.map(({ name, format, width, height, sizeBytes, source }) => (
      <li key={`${name} ${format}`} class="asset">
        <img class="tried" src={source} alt={`${name} as ${format}`} />
        <h3>
          {name}, {format}
        </h3>
        <p>
          {width} × {height}, {sizeText(sizeBytes)}, {savingText(trial.originalBytes, sizeBytes)}
        </p>
      </li>
    ))}
  </ul>
);

/** The list as it goes into the configuration, whichever way it was written. */
const forConfig = (yaml: string): string =>
  /^config:/m.test(yaml)
    ? yaml
    : `config:\n  image-pipeline:renditions:\n${yaml.trimEnd().replace(/^/gm, "    ")}\n`;

/** Rendition specs, edited and tried on an image before they go to the config. */
export const RenditionsView = () => {
  const [yaml, setYaml] = useState("");
  const [keys, setKeys] = useState<readonly string[]>();
  const [key, setKey] = useState("");
  const [trial, setTrial] = useState<TrialView>();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    get<{ yaml: string }>("api/specs").then(
      (specs) => setYaml(specs.yaml),
      (error: unknown) => setProblem(messageOf(error)),
    );
    get<AssetPage>("api/assets", { state: "PROCESSED" }).then(
      ({ assets }) => {
        setKeys(assets.map((asset) => asset.key));
        setKey(assets[0]?.key ?? "");
      },
      (error: unknown) => setProblem(messageOf(error)),
    );
  }, []);

  const attempt = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      setTrial(await post<TrialView>("api/try", { key, specs: yaml }));
    } catch (error) {
      setTrial(undefined);
      setProblem(messageOf(error));
    }
    setBusy(false);
  };

  return (
    <>
      <h1 tabIndex={-1}>Renditions</h1>
      <p class="lead">
        What is made of each image, as the function has it now. Change it and try it on an image: the
        function's own plan and its own sharp make it, and nothing is stored.
      </p>
      <form
        class="trial"
        onSubmit={(event) => {
          event.preventDefault();
          void attempt();
        }}
      >
        <label>
          Rendition specs, in YAML
          <textarea
            class="mono"
            rows={16}
            spellcheck={false}
            value={yaml}
            onInput={({ currentTarget }) => setYaml(currentTarget.value)}
          />
        </label>
        <div class="trial-line">
          <label>
            Image to try it on
            <select value={key} onChange={({ currentTarget }) => setKey(currentTarget.value)}>
              {keys?.map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" class="main" disabled={isBusy || key === ""}>
            {isBusy ? "Trying …" : "Try it"}
          </button>
        </div>
        {keys?.length === 0 && <p class="empty">No image has been processed yet: send one first.</p>}
      </form>
      {problem !== undefined && (
        <p class="problem lines" role="alert">
          {problem}
        </p>
      )}
      {trial !== undefined && (
        <section aria-label="Result">
          <h2>Made in {durationText(trial.durationMs)}</h2>
          <Tried trial={trial} />
          <h2>For Pulumi.&lt;stack&gt;.yaml</h2>
          <CopyableText text={forConfig(yaml)} label="Configuration to paste" />
        </section>
      )}
    </>
  );
};
