import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FONT_PATH } from "../../../handler/bundle/font-files.ts";
import { bundleProblems, MAX_ZIPPED_BYTES } from "../../../handler/bundle/inspection.ts";
import type { BundleFile } from "../../../handler/bundle/package-files.ts";

const elf = (machine: number): Uint8Array => {
  const bytes = new Uint8Array(64);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2]);
  bytes[18] = machine;
  return bytes;
};
const text = new Uint8Array([0x7b]);
const files = (machine: number): BundleFile[] => [
  { path: "index.mjs", bytes: text },
  { path: "imaging-process.mjs", bytes: text },
  { path: "reprocessor.mjs", bytes: text },
  { path: "node_modules/sharp/package.json", bytes: text },
  { path: FONT_PATH, bytes: text },
  { path: "node_modules/@img/sharp-linux-arm64/lib/sharp-linux-arm64.node", bytes: elf(machine) },
  { path: "node_modules/@img/sharp-libvips-linux-arm64/lib/libvips-cpp.so.8.18.7", bytes: elf(machine) },
];

test("a complete bundle of the right CPU has no problem", () => {
  expect(bundleProblems(files(0xb7), 1000, "arm64")).toEqual([]);
});

test("binaries of another CPU are named, each", () => {
  expect(bundleProblems(files(0x3e), 1000, "arm64")).toEqual([
    "node_modules/@img/sharp-linux-arm64/lib/sharp-linux-arm64.node is built for x86_64, expected arm64.",
    "node_modules/@img/sharp-libvips-linux-arm64/lib/libvips-cpp.so.8.18.7 is built for x86_64, expected arm64.",
  ]);
});

test("everything that is missing is named", () => {
  expect(bundleProblems([], 0, "x86_64")).toEqual([
    "index.mjs is missing.",
    "imaging-process.mjs is missing.",
    "reprocessor.mjs is missing.",
    "node_modules/sharp/package.json is missing.",
    "node_modules/@polymer/font-roboto-local/fonts/roboto/Roboto-Medium.ttf is missing.",
    "@img/sharp-linux-x64 is missing: sharp can't run on x86_64 without it.",
    "@img/sharp-libvips-linux-x64 is missing: sharp can't run on x86_64 without it.",
  ]);
});

test("a Mac's binary in a Linux package is no Linux library", () => {
  const mac = { path: "node_modules/x/x.node", bytes: new Uint8Array(readFileSync(import.meta.filename)) };
  expect(bundleProblems([...files(0xb7), mac], 1000, "arm64")).toEqual([
    "node_modules/x/x.node is not a Linux library (ELF), expected arm64.",
  ]);
});

test("Lambda's size limits are named with the size that came", () => {
  const big = { path: "big.json", bytes: new Uint8Array(262_144_000) };
  expect(bundleProblems([...files(0xb7), big], MAX_ZIPPED_BYTES + 1, "arm64")).toEqual([
    "The files take 262144133 bytes, Lambda allows 262144000.",
    "The zip takes 52428801 bytes, Lambda allows 52428800.",
  ]);
});
