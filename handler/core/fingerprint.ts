const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/**
 * FNV-1a of a text's UTF-8 (http://www.isthe.com/chongo/tech/comp/fnv/), 64 bits as 16 hexadecimal digits: tells
 * texts apart and spreads them evenly, and protects nothing.
 */
export const fingerprint = (text: string): string =>
  new TextEncoder()
    .encode(text)
    .reduce((hash, byte) => BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME), FNV_OFFSET)
    .toString(16)
    .padStart(16, "0");
