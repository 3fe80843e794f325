import { useRef, useState } from "preact/hooks";
import { chosenFiles, droppedFiles, type PickedFile } from "../files.ts";
import { forget, post, upload } from "../server.ts";
import type { Sending } from "../store.ts";
import { sizeText } from "../text.ts";
import { Icon } from "./icon.tsx";

const send = (files: readonly PickedFile[]): void => {
  for (const { file, key } of files) {
    upload(file, key);
  }
};

const Picker = ({ label, folder }: { readonly label: string; readonly folder: boolean }) => {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class={folder ? undefined : "main"} onClick={() => input.current?.click()}>
        <Icon name={folder ? "folder" : "image"} /> {label}
      </button>
      <input
        ref={input}
        type="file"
        class="unseen"
        tabIndex={-1}
        aria-label={label}
        multiple
        {...(folder ? { webkitdirectory: true } : {})}
        onChange={({ currentTarget }) => {
          send(chosenFiles(currentTarget.files ?? new DataTransfer().files));
          currentTarget.value = "";
        }}
      />
    </>
  );
};

const Sample = ({ kind, label }: { readonly kind: "photo" | "damaged"; readonly label: string }) => {
  const [problem, setProblem] = useState<string>();
  const ask = async (): Promise<void> => {
    try {
      setProblem(undefined);
      await post("api/samples", { kind });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      <button type="button" onClick={() => void ask()}>
        {label}
      </button>
      {problem !== undefined && <p class="problem">{problem}</p>}
    </>
  );
};

/** Where images are dropped, anywhere in the box, or chosen. */
export const DropZone = () => {
  const [isOver, setOver] = useState(false);
  const drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer !== null) {
      send(await droppedFiles(event.dataTransfer));
    }
  };
  return (
    <section
      class={isOver ? "drop over" : "drop"}
      aria-label="Upload"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void drop(event)}
    >
      <p class="drop-title">Drop images or a folder here, or paste one</p>
      <div class="buttons">
        <Picker label="Choose images" folder={false} />
        <Picker label="Choose a folder" folder={true} />
      </div>
      <p class="drop-more">No picture at hand?</p>
      <div class="buttons">
        <Sample kind="photo" label="Send a sample photo" />
        <Sample kind="damaged" label="Send a damaged one" />
      </div>
    </section>
  );
};

/** Files on their way to the source bucket. */
export const Sendings = ({ sendings }: { readonly sendings: readonly Sending[] }) => (
  <ul class="sendings">
    {sendings.map((sending) => (
      <li key={sending.number}>
        <span class="key">{sending.key}</span>
        {sending.problem === undefined ? (
          <progress
            aria-label={`Sending ${sending.key}`}
            value={sending.sentBytes}
            max={Math.max(1, sending.sizeBytes)}
          >
            {sizeText(sending.sentBytes)}
          </progress>
        ) : (
          <span class="problem">
            {sending.problem}{" "}
            <button type="button" onClick={() => forget(sending)}>
              Dismiss
            </button>
          </span>
        )}
      </li>
    ))}
  </ul>
);
