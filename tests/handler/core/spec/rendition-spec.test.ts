import { describe, expect, it } from "vitest";
import { POSITIONS } from "../../../../handler/core/spec/framing.ts";
import {
  DEFAULT_RENDITIONS,
  renditionSpecs,
  specsFor,
} from "../../../../handler/core/spec/rendition-spec.ts";

const spec = (overrides: object = {}) => ({ name: "card", width: 400, formats: ["webp"], ...overrides });

/** Every problem as `path: message`. */
const problems = (specs: unknown): readonly string[] =>
  renditionSpecs.safeParse(specs).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ??
  [];

describe("rendition specs", () => {
  it("accept the defaults as they are", () => {
    expect(renditionSpecs.parse(DEFAULT_RENDITIONS)).toEqual(DEFAULT_RENDITIONS);
  });

  it("fit inside when no fit is given, and leave position and quality to the plan", () => {
    expect(renditionSpecs.parse([spec()])).toEqual([
      { name: "card", width: 400, fit: "inside", formats: ["webp"] },
    ]);
  });

  it("survive a journey as JSON unchanged", () => {
    const parsed = renditionSpecs.parse([
      spec({ height: 300, fit: "cover", position: "attention", quality: 70, formats: ["avif", "auto"] }),
      spec({ name: "strip", width: undefined, height: 90, fit: "outside" }),
    ]);
    expect(renditionSpecs.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
  });

  it.each(["", "-card", "Card", "a_b", "a/b", "a.b", "x".repeat(64)])("refuse the name %j", (name) => {
    expect(problems([spec({ name })])).toEqual([
      "0.name: expected 1 to 63 lower-case letters, digits and hyphens, not beginning with a hyphen",
    ]);
  });

  it.each(["a", "0", "a-b-", "x".repeat(63)])("accept the name %j", (name) => {
    expect(problems([spec({ name })])).toEqual([]);
  });

  it("refuse a name that is taken, naming the first that has it", () => {
    expect(problems([spec(), spec({ name: "other" }), spec()])).toEqual([
      '2.name: expected unique names, but "card" is also the name of spec 0',
    ]);
  });

  it.each([
    [0, "expected at least 1 pixel"],
    [16_384, "expected at most 16383 pixels, the largest side WebP can hold"],
    [1.5, "expected a whole number of pixels"],
    ["400", "expected a whole number of pixels"],
  ])("refuse a width of %j", (width, message) => {
    expect(problems([spec({ width })])).toEqual([`0.width: ${message}`]);
  });

  it("refuse a box without a side", () => {
    expect(problems([spec({ width: undefined })])).toEqual([
      "0.width: expected a width, a height or both, got neither",
    ]);
  });

  it("refuse a cover with one side, naming the other", () => {
    expect(problems([spec({ fit: "cover" })])).toEqual([
      "0.height: expected both width and height with fit cover",
    ]);
    expect(problems([spec({ fit: "cover", width: undefined, height: 10 })])).toEqual([
      "0.width: expected both width and height with fit cover",
    ]);
  });

  it.each(["inside", "outside", "fill"])("refuse a position with fit %s", (fit) => {
    expect(problems([spec({ height: 400, fit, position: "top" })])).toEqual([
      `0.position: expected no position with fit ${fit}: it only moves a cover or a contain`,
    ]);
  });

  it("accept every position with cover, and every place with contain", () => {
    for (const position of POSITIONS) {
      expect(problems([spec({ height: 400, fit: "cover", position })])).toEqual([]);
      const isStrategy = position === "entropy" || position === "attention";
      expect(problems([spec({ height: 400, fit: "contain", position })])).toEqual(
        isStrategy ? [`0.position: expected a place such as top with fit contain, got ${position}`] : [],
      );
    }
  });

  it("accept a point with cover alone, within the image", () => {
    const position = { x: 0.5, y: 0.3 };
    expect(problems([spec({ height: 400, fit: "cover", position })])).toEqual([]);
    expect(problems([spec({ height: 400, fit: "contain", position })])).toEqual([
      "0.position: expected a place such as top with fit contain, got a point",
    ]);
    expect(problems([spec({ height: 400, fit: "cover", position: { x: 2, y: 0 } })])).toEqual([
      "0.position.x: expected at most 1",
    ]);
    expect(problems([spec({ height: 400, fit: "cover", position: "middle" })])).toEqual([
      expect.stringMatching(/^0\.position: expected one of centre, .*, or a point such as/),
    ]);
  });

  it.each([[[]], [["bmp"]], ["webp"]])("refuse the formats %j", (formats) => {
    expect(problems([spec({ formats })])).toHaveLength(1);
  });

  it.each([0, 101, 79.5])("refuse a quality of %j", (quality) => {
    expect(problems([spec({ quality })])).toHaveLength(1);
  });

  it.each([
    [{ effort: 7 }, "effort: expected 0 to 6, the efforts of webp"],
    [{ maxBytes: 100 }, "maxBytes: expected at least 256 bytes"],
    [{ blur: 0.1 }, "blur: expected at least 0.3"],
    [{ sharpen: 11 }, "sharpen: expected at most 10"],
    [{ background: "red" }, "background: expected a colour such as #ffcc00, transparent or blurred"],
    [
      { background: "blurred" },
      "background: expected no blurred background with fit inside: only a contain is padded",
    ],
    [{ saturation: -1 }, "saturation: expected at least 0"],
    [{ brightness: 11 }, "brightness: expected at most 10"],
    [{ contrast: "2" }, "contrast: expected a number"],
    [{ pixelate: 1 }, "pixelate: expected at least 2 pixels"],
    [{ trim: 255 }, "trim: expected at most 254"],
    [{ rotate: 45 }, "rotate: expected 90, 180 or 270"],
    [
      { formats: ["jxl"] },
      "formats.0: expected one of avif, webp, tiff, gif, png, jpeg, auto: the libvips that comes with sharp writes no JPEG XL",
    ],
    [{ formats: ["bmp"] }, "formats.0: expected one of avif, webp, tiff, gif, png, jpeg, auto"],
    [{ border: { width: 0 } }, "border.width: expected at least 1 pixel"],
    [{ border: { width: 1, colour: "#fff" } }, "border.colour: expected a colour such as #ffcc00"],
    [{ cornerRadius: "round" }, "cornerRadius: expected 1 to 8191 pixels, or circle"],
    [{ dpr: [2, 2] }, "dpr: expected different ratios"],
    [{ dpr: [5] }, "dpr.0: expected 1, 1.5, 2, 3 or 4"],
    [{ width: undefined, widths: [0] }, "widths.0: expected at least 1 pixel"],
    [{ width: undefined, widths: [9], fit: "cover" }, "width: expected both width and height with fit cover"],
  ])("refuse %j", (options, message) => {
    const [first] = problems([spec(options)]);
    expect(first).toBe(`0.${message}`);
  });

  it("accept every option at once, and let it travel as JSON", () => {
    const parsed = renditionSpecs.parse([
      spec({
        height: 400,
        formats: ["webp", "auto", "avif"],
        dpr: [1, 2],
        maxBytes: 50_000,
        effort: 6,
        progressive: false,
        chromaSubsampling: "4:4:4",
        manifest: true,
        hashedKeys: true,
        cacheControl: "public, max-age=60",
        kernel: "nearest",
        trim: 10,
        animated: true,
        keepProfile: true,
        rotate: 90,
        flip: true,
        flop: true,
        grayscale: true,
        saturation: 0.5,
        brightness: 1.1,
        contrast: 0.9,
        pixelate: 8,
        blur: 2,
        sharpen: 0.5,
        background: "#FFcc00",
        watermark: { image: "logo.png", position: "right bottom", scale: 0.2, opacity: 0.5, minSide: 300 },
        border: { width: 4, colour: "#000000" },
        cornerRadius: "circle",
      }),
    ]);
    expect(renditionSpecs.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
  });

  it("refuse a size whose name another spec has", () => {
    expect(problems([spec({ dpr: [1, 2] }), spec({ name: "card-2x" })])).toEqual([
      '1.name: expected unique names, but "card-2x" is also the name of spec 0',
    ]);
  });

  it("may share a name where no key has both of their prefixes", () => {
    expect(problems([spec({ prefix: "avatars/" }), spec({ prefix: "products/" })])).toEqual([]);
    for (const prefix of [undefined, "avatars/", "avatars/small/", "av"]) {
      expect(problems([spec({ prefix: "avatars/" }), spec({ prefix })])).toEqual([
        '1.name: expected unique names, but "card" is also the name of spec 0',
      ]);
    }
  });

  it("come to at most 60 sizes", () => {
    const widths = Array.from({ length: 12 }, (_, index) => index + 1);
    const five = Array.from({ length: 5 }, (_, index) =>
      spec({ name: `s${index}`, width: undefined, widths }),
    );
    expect(problems(five)).toEqual([]);
    expect(problems([...five, spec()])).toEqual([": expected at most 60 sizes in all, got 61"]);
  });

  it("refuse keys they do not know", () => {
    expect(problems([spec({ widht: 3 })])).toEqual(['0: Unrecognized key: "widht"']);
  });

  it("report every problem at once", () => {
    const found = problems([spec({ name: "-", formats: [] }), spec({ width: 0 }), spec({ quality: 0 })]);
    expect(found.map((problem) => problem.split(":")[0])).toEqual([
      "0.name",
      "0.formats",
      "1.width",
      "2.quality",
      "2.name",
    ]);
  });

  it("are 1 to 20", () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => spec({ name: `s${index}` }));
    expect(problems([])).toEqual([": expected at least one rendition spec"]);
    expect(problems(many(20))).toEqual([]);
    expect(problems(many(21))).toEqual([": expected at most 20 rendition specs"]);
  });
});

describe("specsFor", () => {
  it("gives the specs without a prefix and those whose prefix begins the key", () => {
    const specs = renditionSpecs.parse([
      spec({ name: "all" }),
      spec({ name: "avatar", prefix: "avatars/" }),
      spec({ name: "product", prefix: "products/" }),
    ]);
    const names = (key: string) => specsFor(specs, key).map(({ name }) => name);
    expect(names("avatars/ada.jpg")).toEqual(["all", "avatar"]);
    expect(names("old/avatars/ada.jpg")).toEqual(["all"]);
  });
});
