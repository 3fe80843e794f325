import { phonePhoto } from "./sample-photos.ts";

export const SAMPLES = ["photo", "damaged"] as const;
type Sample = (typeof SAMPLES)[number];

export type SampleFile = {
  readonly key: string;
  readonly bytes: Uint8Array;
};

let photo: Promise<Uint8Array> | undefined;

/**
 * A file for people who have none at hand: a photo as a phone takes it, with its place in it, or the first half of
 * one, which cannot be decoded.
 */
export const sampleOf = async (sample: Sample, now: Date): Promise<SampleFile> => {
  photo ??= phonePhoto(1600, 2400);
  const bytes = await photo;
  const time = now.toISOString().slice(11, 19).replaceAll(":", "");
  return sample === "photo"
    ? { key: `samples/IMG_${time}.jpg`, bytes }
    : { key: `samples/cut off ${time}.jpg`, bytes: bytes.subarray(0, bytes.length / 2) };
};
