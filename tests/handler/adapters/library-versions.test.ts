import sharp from "sharp";
import { expect, it } from "vitest";
import { libraryVersions } from "../../../handler/adapters/library-versions.ts";

it("tells the versions that sharp itself tells", () => {
  const { sharp: version, vips } = sharp.versions;
  expect(libraryVersions()).toEqual({ sharp: version, libvips: vips });
});
