/** Lambda's names of the two CPUs that it runs functions on. */
export type Architecture = "arm64" | "x86_64";

const MAGIC = [0x7f, 0x45, 0x4c, 0x46];
const CLASS_64_BIT = 2;
const MACHINE_OFFSET = 18;

/** e_machine values of the ELF specification (https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html). */
const MACHINES = new Map<number, Architecture>([
  [0x3e, "x86_64"],
  [0xb7, "arm64"],
]);

/**
 * The CPU that a native library was built for.
 *
 * @returns the architecture, or what the file is instead, in words for an error message.
 */
export const machineOf = (bytes: Uint8Array): Architecture | `not ${string}` => {
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) {
    return "not a Linux library (ELF)";
  }
  if (bytes[4] !== CLASS_64_BIT) {
    return "not a 64-bit library";
  }
  const machine = new DataView(bytes.buffer, bytes.byteOffset).getUint16(MACHINE_OFFSET, true);
  return MACHINES.get(machine) ?? `not for a CPU that Lambda has (ELF machine ${machine})`;
};
