/**
 * Photos to measure with, made once and kept in `.cache/bench/photos`. Each is a "dead leaves" scene: leaves of many
 * sizes that hide one another, by a power law, have the edges and the spectrum of natural images, which is why test
 * charts for cameras are made of them (ISO/TS 19567-2). A lens's softness and a sensor's grain are added. The same
 * bytes are made each time.
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import type { Size } from "../../../handler/core/plan/plan.ts";
import { CACHE } from "./results.ts";

/** Numbers from 0 to 1 that look random and are the same each time: a linear congruential generator. */
const randomFrom = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** Part of the picture's height that is sky. */
const SKY = 0.3;

/** How often the leaves' areas together cover the ground. */
const COVER = 3;

const paintSky = (data: Uint8ClampedArray, { width, height }: Size): void => {
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    const depth = y / height;
    for (let x = 0; x < width; x += 1) {
      data[at] = 90 + 120 * depth;
      data[at + 1] = 140 + 70 * depth;
      data[at + 2] = 215 - 30 * depth;
      at += 3;
    }
  }
};

const paintLeaves = (data: Uint8ClampedArray, { width, height }: Size, random: () => number): void => {
  const least = width / 2000;
  const most = width / 5;
  // The mean area of discs whose radii have a density of r^-3, as those of things in nature have.
  const meanArea = 2 * Math.PI * Math.log(most / least) * least ** 2;
  const ground = width * height * (1 - SKY);
  for (let leaf = 0; leaf < (COVER * ground) / meanArea; leaf += 1) {
    const radius = (least ** -2 - random() * (least ** -2 - most ** -2)) ** -0.5;
    const centre = { x: random() * width, y: (SKY + (1 - SKY) * random()) * height };
    const light = 30 + 190 * random();
    const colour = [0.7, 0.8, 0.5].map((part) => light * (part + 0.3 * random()));
    const slope = { x: (40 * (random() - 0.5)) / radius, y: (40 * (random() - 0.5)) / radius };
    const bottom = Math.min(height - 1, Math.floor(centre.y + radius));
    for (let y = Math.max(0, Math.ceil(centre.y - radius)); y <= bottom; y += 1) {
      const half = Math.sqrt(radius ** 2 - (y - centre.y) ** 2);
      const right = Math.min(width - 1, Math.floor(centre.x + half));
      for (let x = Math.max(0, Math.ceil(centre.x - half)); x <= right; x += 1) {
        const shade = slope.x * (x - centre.x) + slope.y * (y - centre.y);
        const at = 3 * (y * width + x);
        data[at] = (colour[0] ?? 0) + shade;
        data[at + 1] = (colour[1] ?? 0) + shade;
        data[at + 2] = (colour[2] ?? 0) + shade;
      }
    }
  }
};

const GRAIN = 8;

/** Pixels of a scene as a camera's sensor sees it. */
const scene = async (size: Size): Promise<Sharp> => {
  const raw = { ...size, channels: 3 } as const;
  const data = new Uint8ClampedArray(3 * size.width * size.height);
  const random = randomFrom(1);
  paintSky(data, size);
  paintLeaves(data, size, random);
  const soft = await sharp(data, { raw, limitInputPixels: false }).blur(0.8).raw().toBuffer();
  const seen = Uint8ClampedArray.from(soft);
  for (let at = 0; at < seen.length; at += 1) {
    seen[at] = (seen[at] ?? 0) + GRAIN * (random() + random() + random() - 1.5);
  }
  return sharp(seen, { raw, limitInputPixels: false });
};

const CAMERA_QUALITY = 92;

/** Its halves, quarters, eighths and default renditions have whole sides: quality is compared, not who rounds which way. */
const CAMERA = { width: 6208, height: 3880 };

type Photo = { readonly about: string; readonly hasProfile: boolean; readonly make: () => Promise<Sharp> };

const PHOTOS = {
  "camera-24mp.jpg": {
    hasProfile: false,
    about: "24 megapixels, 6208 x 3880, as a camera writes it: baseline, 4:2:0, no profile",
    make: async () => (await scene(CAMERA)).jpeg({ quality: CAMERA_QUALITY }),
  },
  "phone-24mp.jpg": {
    hasProfile: true,
    about: "24 megapixels, held upright: stored on its side with EXIF orientation 6, Display P3",
    make: async () =>
      (await scene(CAMERA)).withMetadata({ orientation: 6, icc: "p3" }).jpeg({ quality: CAMERA_QUALITY }),
  },
  "web-3mp.jpg": {
    hasProfile: false,
    about: "3 megapixels, 2240 x 1400, as a web form brings it",
    make: async () => (await scene({ width: 2240, height: 1400 })).jpeg({ quality: 85 }),
  },
} as const satisfies Record<string, Photo>;

export type PhotoName = keyof typeof PHOTOS;

export const PHOTO_NAMES = [
  "camera-24mp.jpg",
  "phone-24mp.jpg",
  "web-3mp.jpg",
] as const satisfies readonly PhotoName[];

export const aboutPhoto = (name: PhotoName): Photo => PHOTOS[name];

const FOLDER = join(CACHE, "photos");

/** Makes a file unless it is there. @returns its path */
export const madeOnce = async (name: string, make: () => Promise<Sharp>): Promise<string> => {
  const path = join(FOLDER, name);
  if (existsSync(path)) return path;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${path}.part`, await (await make()).toBuffer());
  renameSync(`${path}.part`, path);
  return path;
};

/** @returns the photo's path */
export const photoFile = (name: PhotoName): Promise<string> => madeOnce(name, PHOTOS[name].make);

/** A scene of a size, for a file of any format. */
export const sceneOf = scene;
