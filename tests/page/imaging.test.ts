import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { imagingProcess } from "../../handler/adapters/imaging-process.ts";
import { PipelineError } from "../../handler/core/errors.ts";
import { renditionSpecs } from "../../handler/core/spec/rendition-spec.ts";
import { OperatorError } from "../../operator/errors.ts";
import { Imaging } from "../../page/imaging.ts";
import { rejection } from "../handler/adapters/aws-service.ts";
import { photo } from "../support/images.ts";
import { heicOf } from "../support/unusual-images.ts";

const SETTINGS = {
  limits: { maxBytes: 1e9, maxPixels: 50_000_000 },
  input: { allowsSvg: false, heicPreviewSide: 1000 },
};
const SPECS = renditionSpecs.parse([{ name: "tiny", width: 30, formats: ["webp", "png"] }]);

const ENTRY = join(import.meta.dirname, "../../page/imaging-process.ts");

const imaging = new Imaging();
const ofFunction = imagingProcess({
  entry: join(import.meta.dirname, "../../handler/entries/imaging-process.ts"),
  options: { maxPixels: SETTINGS.limits.maxPixels, threads: 1, input: SETTINGS.input },
  environment: process.env,
  maxSeconds: 60,
});

afterEach(() => vi.unstubAllEnvs());
afterAll(() => {
  imaging.close();
  ofFunction.close();
});

/** The processes that this one has started for the page's images. */
const decoders = (): readonly string[] =>
  readdirSync("/proc").filter((id) => {
    try {
      return (
        readFileSync(`/proc/${id}/cmdline`, "utf8").includes(ENTRY) &&
        readFileSync(`/proc/${id}/status`, "utf8").includes(`\nPPid:\t${process.pid}\n`)
      );
    } catch {
      // Ended since the folder was listed, or no process.
      return false;
    }
  });

test.runIf(process.platform === "linux")(
  "the process that decodes for the page has none of the operator's secrets in its environment",
  async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret-of-the-operator");
    vi.stubEnv("AWS_SESSION_TOKEN", "secret-of-the-operator");
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "secret-of-the-operator");
    vi.stubEnv("PULUMI_ACCESS_TOKEN", "secret-of-the-operator");
    const own = new Imaging();
    try {
      await own.metadata(await photo({ width: 40, height: 30 }).jpeg().toBuffer(), SETTINGS);
      const [id, ...others] = decoders();
      expect(others).toEqual([]);
      const environment = readFileSync(`/proc/${id}/environ`, "utf8");
      expect(environment).toContain("PATH=");
      expect(environment).not.toMatch(/AWS|PULUMI|secret-of-the-operator/);
    } finally {
      own.close();
    }
  },
);

test("it tells what a file says besides its pixels, and tries specs on it", async () => {
  const bytes = await photo({ width: 60, height: 40 })
    .withExif({ IFD0: { Model: "Model 1" } })
    .jpeg()
    .toBuffer();
  expect(await imaging.metadata(bytes, SETTINGS)).toContainEqual({
    group: "camera",
    name: "Model",
    value: "Model 1",
  });
  const { files, durationMs } = await imaging.try(bytes, "a.jpg", SPECS, SETTINGS);
  expect(durationMs).toBeGreaterThan(0);
  expect(files.map(({ key, width, height }) => [key, width, height])).toEqual([
    ["a.jpg/tiny.webp", 30, 20],
    ["a.jpg/tiny.png", 30, 20],
  ]);
});

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="9" height="9"/></svg>';

test.for([
  ["a PDF", Buffer.from("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n")],
  ["an SVG", Buffer.from(svg)],
  ["a PPM", Buffer.concat([Buffer.from("P6\n2 1\n255\n"), Buffer.alloc(6, 200)])],
  ["a PFM", Buffer.concat([Buffer.from("Pf\n1 1\n-1.0\n"), Buffer.alloc(4)])],
  ["a FITS", Buffer.from("SIMPLE  =                    T".padEnd(2880))],
  ["a MAT", Buffer.from("MATLAB 5.0 MAT-file".padEnd(128))],
  ["an OpenEXR", Buffer.from([0x76, 0x2f, 0x31, 0x01, 2, 0, 0, 0])],
  ["an Analyze", Buffer.from([0x5c, 1, 0, 0, ...Array.from({ length: 344 }, () => 0)])],
  ["a Radiance", Buffer.from("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\n\0\0\0\0")],
  ["a libvips", Buffer.from([0x08, 0xf2, 0xa6, 0xb6, ...Array.from({ length: 100 }, () => 0)])],
  ["a HEIC without a preview", heicOf(undefined)],
] as const)(
  "%s file is refused for the page as it is by the function, also under the name of a photo",
  async ([, bytes]) => {
    const refusal = await rejection(ofFunction.inspect(bytes));
    expect(refusal).toBeInstanceOf(PipelineError);
    const { code = "", message = "" } = refusal instanceof PipelineError ? refusal : {};
    expect(["UNSUPPORTED_FORMAT", "SVG_NOT_ALLOWED", "HEIC_NOT_DECODED"]).toContain(code);
    const told = new OperatorError(`${code}: ${message}`);
    expect(await rejection(imaging.metadata(bytes, SETTINGS))).toEqual(told);
    expect(await rejection(imaging.try(bytes, "photo.jpg", SPECS, SETTINGS))).toEqual(told);
  },
);

test("what the stack's settings allow is decoded for the page too", async () => {
  const own = new Imaging();
  try {
    const settings = { ...SETTINGS, input: { ...SETTINGS.input, allowsSvg: true } };
    const { files } = await own.try(Buffer.from(svg), "a.svg", SPECS, settings);
    expect(files.map(({ key }) => key)).toEqual(["a.svg/tiny.webp", "a.svg/tiny.png"]);
    expect(await rejection(own.try(Buffer.from(svg), "a.svg", SPECS, SETTINGS))).toMatchObject({
      message: expect.stringMatching(/^SVG_NOT_ALLOWED: /),
    });
  } finally {
    own.close();
  }
});

test("a file that cannot be decoded is refused with the function's reason, and the next one is read", async () => {
  const whole = await photo({ width: 60, height: 40 }).png().toBuffer();
  const broken = whole.subarray(0, 60);
  expect(await rejection(imaging.try(broken, "a.png", SPECS, SETTINGS))).toEqual(
    new OperatorError(
      "CORRUPT_IMAGE: The file begins as PNG but cannot be decoded: it is damaged or incomplete.",
    ),
  );
  expect((await imaging.try(whole, "a.png", SPECS, SETTINGS)).files).toHaveLength(2);
});
