import { expect, it } from "vitest";
import {
  type FailedAsset,
  outcomeAttributes,
  receivedAttributes,
} from "../../../../handler/core/record/asset.ts";
import { recordedFailure } from "../../../../handler/core/record/recorded-failure.ts";
import { aFailedAsset } from "../../../support/assets.ts";
import { anUpload } from "../../../support/upload-events.ts";

const upload = anUpload();

const failed = aFailedAsset();

const recordOf = (asset: FailedAsset) => ({
  ImageKey: upload.key,
  ...receivedAttributes(upload, "renditions"),
  ...outcomeAttributes(asset),
});

it("a failure is read back as it was recorded", () => {
  expect(recordedFailure(recordOf(failed), upload)).toEqual(failed);
});

it("what is known of the image that was refused is read back too", () => {
  const image = { format: "png", width: 9_000, height: 8_000, pages: 2, hasAlpha: true } as const;
  expect(recordedFailure(recordOf({ ...failed, image }), upload)).toEqual({ ...failed, image });
});

it.each([
  ["is not done", { State: "RECEIVED" }],
  ["tells of no reason", { ReasonCode: undefined }],
  ["tells of a reason that is none", { ReasonCode: "BAD_LUCK" }],
  ["does not tell what it was made with", { MadeWith: undefined }],
])("a record that %s is of no failure", (_what, more) => {
  expect(recordedFailure({ ...recordOf(failed), ...more }, upload)).toBeUndefined();
});
