import { expect, test } from "vitest";
import { machineOf } from "../../../handler/bundle/elf.ts";

/** The first bytes of an ELF file: magic, class, and the machine at offset 18. */
const header = (elfClass: number, machine: number): Uint8Array => {
  const bytes = new Uint8Array(64);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, elfClass, 1]);
  new DataView(bytes.buffer).setUint16(18, machine, true);
  return bytes;
};

test.each([
  ["x86_64", header(2, 0x3e)],
  ["arm64", header(2, 0xb7)],
  ["not for a CPU that Lambda has (ELF machine 243)", header(2, 243)],
  ["not a 64-bit library", header(1, 0x28)],
  ["not a Linux library (ELF)", new Uint8Array([0xcf, 0xfa, 0xed, 0xfe])],
  ["not a Linux library (ELF)", new Uint8Array()],
])("a library is %s", (expected, bytes) => {
  expect(machineOf(bytes)).toBe(expected);
});
