import { GetObjectCommand } from "@aws-sdk/client-s3";
import sharp, { type Sharp } from "sharp";
import type { AssetRecord } from "../../handler/core/record/record.ts";
import type { DemoPhoto } from "../../page/sample-photos.ts";
import type { Mail } from "../start/mailbox.ts";
import type { Pipeline } from "../start/pipeline.ts";

/** The default rendition specs (handler/core/spec/rendition-spec.ts), said again so that the demo does not believe them. */
const SPECS = [
  {
    name: "thumbnail",
    size: (width: number, height: number) => [Math.min(200, width), Math.min(200, height)],
  },
  { name: "medium", size: (width: number, height: number) => inside(width, height, 800) },
  { name: "large", size: (width: number, height: number) => inside(width, height, 1600) },
] as const;

const inside = (width: number, height: number, box: number): number[] => {
  const scale = Math.min(1, box / width, box / height);
  return [Math.round(width * scale), Math.round(height * scale)];
};

const EXTENSIONS = { webp: "webp", jpeg: "jpg", png: "png" } as const;

/** What is not as it must be, one line for each; the demo's photos are bright above and dark below. */
const renditionProblems = async (
  { aws, outputs }: Pipeline,
  photo: DemoPhoto & { readonly expected: { readonly state: "PROCESSED" } },
): Promise<string[]> => {
  const { width, height, hasAlpha } = photo.expected;
  const problems: string[] = [];
  for (const { name, size } of SPECS) {
    for (const format of ["webp", hasAlpha ? "png" : "jpeg"] as const) {
      const key = `${photo.key}/${name}.${EXTENSIONS[format]}`;
      const expect = (what: string, found: unknown, expected: unknown) => {
        if (found !== expected) {
          problems.push(`${key}: expected ${what} ${expected}, found ${found}`);
        }
      };
      const object = await aws.s3
        .send(new GetObjectCommand({ Bucket: outputs.destinationBucket, Key: key }))
        .catch(() => undefined);
      if (object?.Body === undefined) {
        problems.push(`${key}: is not in the destination bucket`);
        continue;
      }
      const image = sharp(await object.Body.transformToByteArray());
      const found = await image.metadata();
      expect("the size", `${found.width} x ${found.height}`, size(width, height).join(" x "));
      expect("the format", found.format, format);
      expect("the content type", object.ContentType, `image/${format}`);
      expect("transparency", found.hasAlpha ?? false, hasAlpha);
      expect("EXIF", found.exif?.length ?? 0, 0);
      expect("an orientation", found.orientation ?? 1, 1);
      expect("the encryption", object.ServerSideEncryption, "aws:kms");
      if (!hasAlpha) {
        expect("the sky above", await isBrighterAbove(image), true);
      }
    }
  }
  return problems;
};

/** The light of the uppermost quarter against that of the lowermost. */
const isBrighterAbove = async (image: Sharp): Promise<boolean> => {
  const quarters = await image.resize(1, 4, { fit: "fill" }).toColourspace("b-w").raw().toBuffer();
  return (quarters[0] ?? 0) > (quarters[3] ?? 0) + 50;
};

const recordProblems = (photo: DemoPhoto, record: AssetRecord): string[] => {
  const { expected, key, bytes } = photo;
  const wanted: readonly (readonly [string, unknown, unknown])[] = [
    ["State", record.State, expected.state],
    ["SizeBytes", record.SizeBytes, bytes.length],
    ["Attempts", record.Attempts, 1],
    ...(expected.state === "PROCESSED"
      ? ([
          ["Format", record.Format, expected.format],
          ["Width", record.Width, expected.width],
          ["Height", record.Height, expected.height],
          ["Renditions", record.Renditions?.length, SPECS.length * 2],
        ] as const)
      : ([["ReasonCode", record.ReasonCode, expected.reasonCode]] as const)),
  ];
  return wanted.flatMap(([name, found, value]) =>
    found === value ? [] : [`${key}: expected ${name} ${value} in its record, found ${found}`],
  );
};

const mailProblems = ({ key, expected }: DemoPhoto, mail: Mail | undefined): string[] => {
  const subject = expected.state === "PROCESSED" ? "New Image Processed" : "Image Not Processed";
  if (mail === undefined) {
    return [`${key}: no mail has come`];
  }
  return mail.subject === subject ? [] : [`${key}: expected the mail "${subject}", got "${mail.subject}"`];
};

const isProcessed = (
  photo: DemoPhoto,
): photo is DemoPhoto & { readonly expected: { readonly state: "PROCESSED" } } =>
  photo.expected.state === "PROCESSED";

/** Everything that is missing or wrong about one original of the demo; nothing when all is well. */
export const demoProblems = async (
  pipeline: Pipeline,
  photo: DemoPhoto,
  record: AssetRecord,
  mail: Mail | undefined,
): Promise<string[]> => {
  const stored = await pipeline.renditions(photo.key);
  return [
    ...recordProblems(photo, record),
    ...mailProblems(photo, mail),
    ...(isProcessed(photo)
      ? await renditionProblems(pipeline, photo)
      : stored.map(({ key }) => `${key}: should not be there`)),
  ];
};
