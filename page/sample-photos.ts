import sharp, { type Sharp } from "sharp";

/** An original of the demo, and what must become of it. */
export type DemoPhoto = {
  readonly key: string;
  /** What is special about it. */
  readonly about: string;
  readonly bytes: Uint8Array;
  readonly expected: Outcome;
};

type Outcome =
  | {
      readonly state: "PROCESSED";
      readonly format: string;
      /** Pixels when it is upright. */
      readonly width: number;
      readonly height: number;
      readonly hasAlpha: boolean;
    }
  | { readonly state: "FAILED"; readonly reasonCode: string };

/** An evening by the sea, in SVG: bright above, dark below, so that its upright side can be told from its pixels. */
export const seascape = (width: number, height: number): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 300 200"
      preserveAspectRatio="none">
    <defs>
      <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
        <stop offset="0" stop-color="#bfe3ff"/><stop offset="0.7" stop-color="#ffd9a0"/><stop offset="1" stop-color="#ff9a6b"/>
      </linearGradient>
      <linearGradient id="sea" x1="0" y1="0" x2="0" y2="1">
        <stop offset="0" stop-color="#b5583f"/><stop offset="0.3" stop-color="#1d3f5e"/><stop offset="1" stop-color="#0a1626"/>
      </linearGradient>
      <radialGradient id="sun"><stop offset="0" stop-color="#fffbe6"/><stop offset="1" stop-color="#ffd27a" stop-opacity="0"/></radialGradient>
    </defs>
    <rect width="300" height="120" fill="url(#sky)"/>
    <circle cx="205" cy="96" r="46" fill="url(#sun)"/><circle cx="205" cy="96" r="13" fill="#fff6d8"/>
    <path d="M0 120 L0 86 Q25 58 52 88 T104 82 Q128 68 150 120 Z" fill="#5b4a68"/>
    <path d="M0 120 L0 104 Q40 78 84 108 T170 120 Z" fill="#3b3350"/>
    <rect y="119" width="300" height="81" fill="url(#sea)"/>
    <path d="M196 121 L214 121 L228 160 L182 160 Z" fill="#ffd27a" opacity="0.35"/>
    <path d="M60 150 l26 0 -4 6 -18 0 Z M72 149 l0 -18 12 16 Z" fill="#0a1626"/>
  </svg>`);

/** A scene with grain, as every sensor adds it: without it a photo would compress to next to nothing. */
const photograph = async (width: number, height: number): Promise<Sharp> => {
  // Taken at half the size and enlarged: grain takes longer to make than all the rest.
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2), channels: 3 } as const;
  const scene = await sharp({
    create: { ...half, background: "gray", noise: { type: "gaussian", mean: 128, sigma: 12 } },
  })
    .composite([{ input: seascape(half.width, half.height), blend: "hard-light" }])
    .removeAlpha()
    .raw()
    .toBuffer();
  return sharp(scene, { raw: half }).resize(width, height, { fit: "fill", kernel: "linear" });
};

const badge = (width: number, height: number): Sharp =>
  sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 200 200">
      <circle cx="100" cy="100" r="92" fill="#1d6fb8" fill-opacity="0.9"/>
      <path d="M100 30 L121 82 L176 84 L133 119 L148 173 L100 142 L52 173 L67 119 L24 84 L79 82 Z" fill="#ffd24a"/>
    </svg>`),
  );

const processed = (format: string, width: number, height: number, hasAlpha = false): Outcome => ({
  state: "PROCESSED",
  format,
  width,
  height,
  hasAlpha,
});
const failed = (reasonCode: string): Outcome => ({ state: "FAILED", reasonCode });

/** A phone held upright: the sensor's rows are stored as they are, and the EXIF orientation turns them. */
export const phonePhoto = async (width: number, height: number): Promise<Uint8Array> => {
  const upright = await photograph(width, height);
  return upright
    .rotate(270)
    .jpeg({ quality: 90 })
    .withExif({
      IFD0: { Make: "Demo", Model: "Phone 24", Orientation: "6" },
      IFD3: {
        GPSLatitudeRef: "N",
        GPSLatitude: "47/1 22/1 0/1",
        GPSLongitudeRef: "E",
        GPSLongitude: "8/1 32/1 0/1",
      },
    })
    .withMetadata({ orientation: 6 })
    .toBuffer();
};

/**
 * The demo's originals, made here and now: photos as people have them, under keys as people give them, and files
 * that are no photos.
 */
export const demoPhotos = async (): Promise<readonly DemoPhoto[]> => {
  const jpeg = await (await photograph(1800, 1200)).jpeg().toBuffer();
  const [phone, png, webp, avif, gif, tiff] = await Promise.all([
    phonePhoto(4000, 6000),
    badge(1000, 1000).png().toBuffer(),
    photograph(2000, 1333).then((photo) => photo.webp().toBuffer()),
    photograph(1200, 800).then((photo) => photo.avif({ effort: 0 }).toBuffer()),
    photograph(640, 480).then((photo) => photo.gif().toBuffer()),
    photograph(1600, 2400).then((photo) => photo.tiff().toBuffer()),
  ]);
  return [
    {
      key: "holiday/day 1/IMG_0001.JPG",
      about: "24 megapixels, on its side, with GPS; spaces, upper case",
      bytes: phone,
      expected: processed("jpeg", 4000, 6000),
    },
    {
      key: "logo 100%+more.png",
      about: "transparent; percent and plus in the key",
      bytes: png,
      expected: processed("png", 1000, 1000, true),
    },
    {
      key: "Zürich/été & œuvre.webp",
      about: "letters of other languages, ampersand",
      bytes: webp,
      expected: processed("webp", 2000, 1333),
    },
    { key: "new/format.avif", about: "AVIF", bytes: avif, expected: processed("avif", 1200, 800) },
    { key: "old/format.gif", about: "256 colours", bytes: gif, expected: processed("gif", 640, 480) },
    {
      key: "scans/2026/11/page.tiff",
      about: "deep folders",
      bytes: tiff,
      expected: processed("tiff", 1600, 2400),
    },
    {
      key: "no-extension",
      about: "a JPEG without saying so",
      bytes: jpeg,
      expected: processed("jpeg", 1800, 1200),
    },
    {
      key: "letter.jpg",
      about: "text that says it is a JPEG",
      bytes: Buffer.from("Dear photo,\nyou are none.\n"),
      expected: failed("UNSUPPORTED_FORMAT"),
    },
    {
      key: "cut off.jpg",
      about: "the first half of a JPEG",
      bytes: jpeg.subarray(0, jpeg.length / 2),
      expected: failed("CORRUPT_IMAGE"),
    },
    { key: "nothing.png", about: "no bytes", bytes: Buffer.alloc(0), expected: failed("EMPTY_OBJECT") },
  ];
};
