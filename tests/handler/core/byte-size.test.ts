import { expect, it } from "vitest";
import { sizeText } from "../../../handler/core/byte-size.ts";

it("tells a size in the unit that people use for it", () => {
  expect([0, 1, 1023, 1024, 1126, 5 * 1024 ** 2, 3 * 1024 ** 3, 5000 * 1024 ** 3].map(sizeText)).toEqual([
    "0 bytes",
    "1 byte",
    "1023 bytes",
    "1.0 KiB",
    "1.1 KiB",
    "5.0 MiB",
    "3.0 GiB",
    "5000.0 GiB",
  ]);
});
