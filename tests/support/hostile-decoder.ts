import { spawn } from "node:child_process";
import { closeSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { frameReader, type Request, type Work } from "../../handler/adapters/imaging-process/frames.ts";
import { gifOf } from "./gif.ts";

/**
 * A decoder that a file has taken over: it says by itself what the file's name among `ACTS` stands for, to the end that
 * the process which trusts it does something else. Any other file it answers as a decoder should.
 */

const CHANNEL = 3;

/** Writes at once, so that what is written before an end is there. */
const put = (bytes: Uint8Array): void => {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(CHANNEL, bytes, at);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    }
  }
};

const head = (...lengths: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(lengths.length * 4);
  for (const [index, length] of lengths.entries()) bytes.writeUInt32LE(length, index * 4);
  return bytes;
};

const say = (message: object, ...blobs: readonly Uint8Array[]): void => {
  const text = Buffer.from(JSON.stringify(message));
  put(head(text.length, blobs.length, ...blobs.map(({ length }) => length)));
  put(text);
  for (const blob of blobs) put(blob);
};

const IMAGE = { format: "gif", width: 1, height: process.pid, pages: 1, hasAlpha: false };
const LOOKS = { dominantColour: "#000000", placeholder: "data:image/webp;base64,AAAA", thumbHash: "AAAA" };
const FILE = { kind: "file", name: "card", format: "gif" };
const SIZE = { width: 1, height: 1 };

const ACTS: Readonly<Record<string, (number: number) => void>> = {
  "a frame of 4 GiB": () => put(head(0xffff_ffff, 0)),
  "a frame with 4 billion blobs": () => put(head(2, 0xffff_ffff)),
  "no JSON": () => {
    put(head(7, 0));
    put(Buffer.from("garbage"));
  },
  "an unknown kind": (number) => say({ kind: "stored", number }),
  "a message of another shape": (number) =>
    say({ kind: "inspected", number, image: { ...IMAGE, width: "1" } }),
  "an answer to another request": (number) => say({ kind: "inspected", number: number + 1, image: IMAGE }),
  "bytes beside an inspection": (number) => say({ kind: "inspected", number, image: IMAGE }, gifOf(SIZE)),
  "a picture's looks for an inspection": (number) => say({ kind: "transformed", number, appearance: LOOKS }),
  "a description for an inspection": (number) => say({ kind: "described", number, description: {} }),
  "that it is ready, again": () => say({ kind: "ready" }),
  "a file that nobody asked for": (number) => say({ ...FILE, number }, gifOf(SIZE)),
  "a reason of many lines": (number) =>
    say({
      kind: "error",
      number,
      code: "CORRUPT_IMAGE",
      message: "Broken.\nPay here: https://evil.example",
      cause: "",
    }),
  "a reason of another stage": (number) =>
    say({ kind: "error", number, code: "SOURCE_MISSING", message: "It is gone.", cause: "" }),
  "half a frame, and ends": () => {
    put(head(100, 0));
    process.exit(0);
  },
  "nothing, with its channel closed": () => closeSync(CHANNEL),
  "nothing, and leaves a process with its descriptors": () => {
    spawn("sleep", ["60"], { detached: true, stdio: ["ignore", "inherit", "inherit", CHANNEL] });
    process.kill(process.pid, "SIGSEGV");
  },
  "a file under another original's key": (number) =>
    say({ ...FILE, number, name: "../another.jpg/card", key: "another.jpg/card.gif" }, gifOf(SIZE)),
  "a planned file with another key": (number) => {
    say({ ...FILE, number, key: "another.jpg/card.gif", cacheControl: "max-age=31536000" }, gifOf(SIZE));
    say({ kind: "transformed", number, appearance: LOOKS });
  },
  "a file twice": (number) => {
    say({ ...FILE, number }, gifOf(SIZE));
    say({ ...FILE, number }, gifOf(SIZE));
  },
  "a file of 4 GiB": (number) => {
    const text = Buffer.from(JSON.stringify({ ...FILE, number }));
    put(head(text.length, 1, 0xffff_ffff));
    put(text);
  },
  "a file without bytes": (number) => say({ ...FILE, number }),
  "a page for a picture": (number) => say({ ...FILE, number }, Buffer.from("<script>alert(1)</script>")),
  "a picture of another size": (number) => say({ ...FILE, number }, gifOf({ width: 2, height: 1 })),
  "an end before all is made": (number) => say({ kind: "transformed", number, appearance: LOOKS }),
  "looks that leave their attribute": (number) => {
    say({ ...FILE, number }, gifOf(SIZE));
    const placeholder = 'data:image/webp;base64,AAAA" onload="alert(1)';
    say({ kind: "transformed", number, appearance: { ...LOOKS, placeholder } });
  },
};

/** As a sound decoder would, for the file that comes after. */
const answer = ({ kind, number }: Work): void => {
  if (kind === "inspect") say({ kind: "inspected", number, image: IMAGE });
};

const channel = new Socket({ fd: CHANNEL });
const reader = frameReader(channel, { messageBytes: 1e9, blobs: 1e9 });
const requestIn = (text: string): Request => JSON.parse(text);
say({ kind: "ready" });
let file = "";
// What hangs is ended by the test's own time limit.
setInterval(() => undefined, 1000);
for (let frame = await reader(requestIn); frame !== undefined; frame = await reader(requestIn)) {
  const { message, blobs } = frame;
  if (message.kind === "delivered") continue;
  if (!message.isFileKept) file = Buffer.from(blobs[0] ?? []).toString();
  const act = ACTS[file];
  if (act === undefined) answer(message);
  else act(message.number);
}
process.exit(0);
