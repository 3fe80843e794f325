import { CreateTableCommand, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { beforeAll, expect, test } from "vitest";
import { dynamoDBAssetLibrary } from "../../handler/adapters/dynamodb.ts";
import { MAX_KEY_BYTES } from "../../handler/core/object-key.ts";
import { planTransforms } from "../../handler/core/plan/plan.ts";
import { RENDITION_FORMATS } from "../../handler/core/spec/format.ts";
import { MAX_RECORD_BYTES } from "../../handler/core/spec/record-size.ts";
import { renditionSpecs } from "../../handler/core/spec/rendition-spec.ts";
import { aProcessedAsset } from "../support/assets.ts";
import { anUpload } from "../support/upload-events.ts";
import { emulatedAws } from "./support/emulated-aws.ts";

const TABLE = "assets";
const SIZES_OF_A_SPEC = 12;

const emulated = emulatedAws();

beforeAll(async () => {
  await emulated.aws.dynamodb.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "ImageKey", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "ImageKey", AttributeType: "S" }],
    }),
  );
});

/** Rendition specs that make so many files of one original, in every format. */
const specsFor = (files: number) => {
  const sizes = Math.floor(files / RENDITION_FORMATS.length);
  const left = RENDITION_FORMATS.slice(0, files % RENDITION_FORMATS.length);
  const specs = Array.from({ length: Math.ceil(sizes / SIZES_OF_A_SPEC) }, (_, index) => ({
    name: `${"n".repeat(40)}-${index}`,
    widths: Array.from(
      { length: Math.min(SIZES_OF_A_SPEC, sizes - SIZES_OF_A_SPEC * index) },
      (_size, size) => 1_000 + size,
    ),
    formats: RENDITION_FORMATS,
  }));
  return [...specs, ...(left.length === 0 ? [] : [{ name: "n".repeat(40), width: 1_000, formats: left }])];
};

const mostFiles = (): number => {
  let files = 1;
  while (renditionSpecs.safeParse(specsFor(files + 1)).success) files += 1;
  return files;
};

const TAG_NAMES = ["a", "b", "c", "d", "e"].map((letter) => letter.repeat(40));

/** Everything as long as it may become: key, version, tags, camera, claims, placeholder. */
const largestAsset = (specs: ReturnType<typeof renditionSpecs.parse>, key: string) => {
  const image = {
    format: "jpeg",
    width: 16_000,
    height: 16_000,
    pages: 1,
    hasAlpha: false,
    capture: {
      camera: "\u{65E5}".repeat(100),
      takenAt: "2026-11-23T10:00:06+01:00",
      position: { latitude: -48.123456, longitude: -179.123456 },
    },
  } as const;
  const limits = { maxBytes: 1e9, maxPixels: 268_402_689, memoryBytes: undefined, lanes: 1 };
  return aProcessedAsset({
    upload: anUpload({ key, versionId: "v".repeat(1_024), sizeBytes: 999_999_999 }),
    image,
    appearance: {
      dominantColour: "#336699",
      placeholder: `data:image/webp;base64,${"A".repeat(1_500)}`,
      thumbHash: "1QcSHQRnh493V4dIh4eXh1h4kJUI",
    },
    tags: Object.fromEntries(TAG_NAMES.map((name) => [name, "\u{1F600}".repeat(256)])),
    falseClaims: ["name .docx", `content type ${"\u{65E5}".repeat(100)}`],
    renditions: planTransforms(image, key, specs, limits).flatMap(({ name, size, renditions }) =>
      renditions.map((rendition) => ({
        name,
        key: rendition.key,
        format: rendition.format,
        ...size,
        sizeBytes: 4_294_967_295,
        sha256: "0".repeat(64),
      })),
    ),
  });
};

test("the most files that rendition specs may make are recorded under the longest key, and one more is refused", async () => {
  const files = mostFiles();
  expect(files).toBeGreaterThan(250);
  const specs = renditionSpecs.parse(specsFor(files));
  // The longest file's name is that of a width, in avif, webp, tiff or jpeg.
  const key = "k".repeat(MAX_KEY_BYTES - `/${"n".repeat(40)}-0-1000w.webp`.length);
  const asset = largestAsset(specs, key);
  expect(asset.renditions).toHaveLength(files);
  expect(Math.max(...asset.renditions.map((rendition) => rendition.key.length))).toBe(MAX_KEY_BYTES);
  const library = dynamoDBAssetLibrary(emulated.aws.dynamodb, {
    table: TABLE,
    destinationBucket: "d".repeat(63),
    onDelete: "keep",
    recordTags: TAG_NAMES,
  });
  await library.receive(asset.upload, false);
  expect(await library.record(asset)).toEqual({ outcome: "recorded", isNotified: false });
  const { Item } = await emulated.aws.dynamodb.send(
    new GetItemCommand({ TableName: TABLE, Key: { ImageKey: { S: key } } }),
  );
  expect(Item?.["Renditions"]?.L).toHaveLength(files);
  // The bound is near the limit: what is left of it is the reserve for what this image has not.
  expect(JSON.stringify(Item?.["Renditions"]).length).toBeGreaterThan(0.9 * MAX_RECORD_BYTES);

  expect(renditionSpecs.safeParse(specsFor(files + 1)).error?.issues.map(({ message }) => message)).toEqual([
    expect.stringMatching(
      new RegExp(
        `^expected at most about ${files} files for one original, got ${files + 1}: under a long key its record would have 4\\d\\d,\\d{3} bytes, of DynamoDB's 409,600; leave out formats, widths or ratios, or give specs prefixes that do not overlap$`,
      ),
    ),
  ]);
});
