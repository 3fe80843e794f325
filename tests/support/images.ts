import sharp, { type Sharp } from "sharp";
import type { Size } from "../../handler/core/plan/plan.ts";

export type Colour = readonly [red: number, green: number, blue: number];

export const RED: Colour = [230, 30, 30];
export const GREEN: Colour = [30, 200, 30];
export const BLUE: Colour = [30, 30, 230];
export const YELLOW: Colour = [230, 220, 30];

/** Numbers from 0 to 255 that look random and are the same each time: a linear congruential generator. */
const noise = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
};

const fromRgb = (data: Uint8Array, { width, height }: Size): Sharp =>
  sharp(data, { raw: { width, height, channels: 3 } });

/** Smooth waves with a little grain, as in a photo: it neither compresses to nothing nor is it noise alone. */
export const photo = (size: Size): Sharp => {
  const { width, height } = size;
  const data = new Uint8Array(width * height * 3);
  const grain = noise(7);
  const across = Float64Array.from({ length: width }, (_, x) => Math.sin(x / 47) + Math.sin(x / 311));
  let index = 0;
  for (let y = 0; y < height; y += 1) {
    const down = Math.cos(y / 61) + Math.cos(y / 401);
    for (let x = 0; x < width; x += 1) {
      const light = 128 + 26 * ((across[x] ?? 0) + down) + (grain() & 15);
      data[index] = light;
      data[index + 1] = 255 - light;
      data[index + 2] = (light + x / 16) & 255;
      index += 3;
    }
  }
  return fromRgb(data, size);
};

export const solid = (size: Size, [r, g, b]: Colour): Sharp =>
  sharp({ create: { ...size, channels: 3, background: { r, g, b } } });

type Point = readonly [x: number, y: number];

/** Four quarters: red and green above, blue and yellow below. Told apart however they are turned or mirrored. */
const quarterAt = ({ width, height }: Size, [x, y]: Point): Colour => {
  if (y < height / 2) return x < width / 2 ? RED : GREEN;
  return x < width / 2 ? BLUE : YELLOW;
};

/**
 * Where in the upright image a stored column and row come from, by EXIF orientation: which side of the image the
 * first row and the first column are (EXIF 2.32, tag 274).
 */
const UPRIGHT_POINT = {
  1: (_size, column, row) => [column, row],
  2: ({ width }, column, row) => [width - 1 - column, row],
  3: ({ width, height }, column, row) => [width - 1 - column, height - 1 - row],
  4: ({ height }, column, row) => [column, height - 1 - row],
  5: (_size, column, row) => [row, column],
  6: ({ width }, column, row) => [width - 1 - row, column],
  7: ({ width, height }, column, row) => [width - 1 - row, height - 1 - column],
  8: ({ height }, column, row) => [row, height - 1 - column],
} as const satisfies Record<number, (upright: Size, column: number, row: number) => Point>;

export type Orientation = keyof typeof UPRIGHT_POINT;
export const ORIENTATIONS: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];

/** Quarters, as a camera stores them beside an EXIF orientation; `upright` is the size as displayed. */
export const quarters = (upright: Size, orientation: Orientation = 1): Sharp => {
  const isOnItsSide = orientation >= 5;
  const width = isOnItsSide ? upright.height : upright.width;
  const height = isOnItsSide ? upright.width : upright.height;
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const point = UPRIGHT_POINT[orientation](upright, column, row);
      data.set(quarterAt(upright, point), (row * width + column) * 3);
    }
  }
  return fromRgb(data, { width, height });
};

export const turnedJpeg = (upright: Size, orientation: Orientation): Promise<Buffer> =>
  quarters(upright, orientation).jpeg({ quality: 95 }).withMetadata({ orientation }).toBuffer();

/** Opaque colour on the left half, nothing on the right. */
export const halfTransparent = ({ width, height }: Size, [r, g, b]: Colour): Sharp => {
  const data = new Uint8Array(width * height * 4);
  for (let index = 0; index < width * height; index += 1) {
    data.set([r, g, b, index % width < width / 2 ? 255 : 0], index * 4);
  }
  return sharp(data, { raw: { width, height, channels: 4 } });
};

/** Words that stand in the metadata of `jpegFullOfMetadata` and must stand in no rendition. */
export const SECRETS = ["Camera 0815", "Secret Owner", "Hidden Headline"] as const;

/** A JPEG segment: marker, length, content. */
const segment = (marker: number, content: Buffer): Buffer => {
  const header = Buffer.from([0xff, marker, 0, 0]);
  header.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([header, content]);
};

/** IPTC's headline in Photoshop's image resource 0x0404 (IIM 4.2, record 2, data set 105). */
const iptcSegment = (headline: string): Buffer => {
  const text = Buffer.from(headline, "latin1");
  const dataSet = Buffer.concat([Buffer.from([0x1c, 2, 105, 0, text.length]), text]);
  const resource = Buffer.concat([
    Buffer.from("8BIM"),
    Buffer.from([0x04, 0x04, 0, 0, 0, 0, 0, dataSet.length]),
  ]);
  return segment(0xed, Buffer.concat([Buffer.from("Photoshop 3.0\0"), resource, dataSet]));
};

/** A JPEG with EXIF (camera, GPS position), XMP, IPTC and a Display P3 profile. */
export const jpegFullOfMetadata = async (size: Size): Promise<Buffer> => {
  const [camera, owner, headline] = SECRETS;
  const jpeg = await photo(size)
    .withIccProfile("p3")
    .withExif({
      IFD0: { Model: camera, Copyright: owner },
      IFD3: {
        GPSLatitudeRef: "N",
        GPSLatitude: "52/1 31/1 0/1",
        GPSLongitudeRef: "E",
        GPSLongitude: "13/1 24/1 0/1",
      },
    })
    .withXmp(
      `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="${owner}"/></rdf:RDF></x:xmpmeta>`,
    )
    .jpeg()
    .toBuffer();
  return Buffer.concat([jpeg.subarray(0, 2), iptcSegment(headline), jpeg.subarray(2)]);
};

/** An animated GIF, one plain colour a frame. */
export const animatedGif = async (size: Size, colours: readonly Colour[]): Promise<Buffer> => {
  const frames = await Promise.all(colours.map((colour) => solid(size, colour).png().toBuffer()));
  return joinedFrames(frames).gif().toBuffer();
};

/** An animation of these images, to be written as a gif or webp. */
export const joinedFrames = (frames: Buffer[]): Sharp => sharp(frames, { join: { animated: true } });

/** Mean colour of a part of an image, alpha left out. */
export const meanColour = async (
  image: Uint8Array,
  part: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
): Promise<Colour> => {
  const cut = await sharp(image).removeAlpha().extract(part).toColourspace("srgb").png().toBuffer();
  const { channels } = await sharp(cut).stats();
  const [red, green, blue] = channels.map(({ mean }) => Math.round(mean));
  return [red ?? -1, green ?? -1, blue ?? -1];
};

/** Peak signal-to-noise ratio of two images of one size, in dB; above 40 people see no difference. */
export const psnr = async (a: Uint8Array, b: Uint8Array): Promise<number> => {
  const [left, right] = await Promise.all([a, b].map((image) => sharp(image).removeAlpha().raw().toBuffer()));
  if (left === undefined || right === undefined || left.length !== right.length) {
    throw new RangeError("Expected two images of one size.");
  }
  let squares = 0;
  for (const [index, value] of left.entries()) squares += (value - (right[index] ?? 0)) ** 2;
  return 10 * Math.log10(255 ** 2 / (squares / left.length));
};
