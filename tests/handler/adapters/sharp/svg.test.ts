import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharpImaging } from "../../../../handler/adapters/sharp.ts";
import { planTransforms } from "../../../../handler/core/plan/plan.ts";
import { DEFAULT_INPUT } from "../../../../handler/core/source/source-image.ts";
import { renditionSpecs } from "../../../../handler/core/spec/rendition-spec.ts";
import type { RenditionFile } from "../../../../handler/ports/renditions.ts";
import { GREEN, meanColour, RED, solid } from "../../../support/images.ts";
import { expectColour, whole } from "./rendering.ts";

const SECRET = join(tmpdir(), `image-pipeline-svg-${process.pid}.png`);
const asked: string[] = [];
const server = createServer(async (request, response) => {
  asked.push(request.url ?? "");
  response.end(await solid({ width: 8, height: 8 }, RED).png().toBuffer());
});
let origin = "";

// Here and not above: each imaging sets up the loaders of the whole process.
const imaging = () =>
  sharpImaging({ maxPixels: 50_000_000, threads: 1, input: { ...DEFAULT_INPUT, allowsSvg: true } });

const draw = async (svg: string, width = 100): Promise<RenditionFile> => {
  const { inspect, transform } = imaging();
  const bytes = Buffer.from(svg);
  const specs = renditionSpecs.parse([{ name: "card", width, formats: ["png"] }]);
  const plans = planTransforms(await inspect(bytes), "a", specs, { maxBytes: 1e9, maxPixels: 50_000_000 });
  const files: RenditionFile[] = [];
  await transform(bytes, plans, async (file) => {
    files.push(file);
  });
  const [file] = files;
  if (file === undefined) throw new Error("Expected a rendition.");
  return file;
};

const drawing = (content: string, prolog = ""): string =>
  `${prolog}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xi="http://www.w3.org/2001/XInclude" width="50" height="50"><rect width="50" height="50" fill="rgb(30,200,30)"/>${content}</svg>`;

beforeAll(async () => {
  writeFileSync(SECRET, await solid({ width: 8, height: 8 }, RED).png().toBuffer());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  origin = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
});
afterAll(() => server.close());

describe("an SVG that is allowed", () => {
  it("is drawn with 2,048 pixels on its longer side, however small it says it is", async () => {
    const { inspect } = imaging();
    const sizeOf = async (attributes: string) => {
      const { width, height, format } = await inspect(
        Buffer.from(
          `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}><rect width="9" height="9"/></svg>`,
        ),
      );
      return [format, width, height];
    };
    expect(await sizeOf('width="24" height="12"')).toEqual(["svg", 2048, 1024]);
    expect(await sizeOf('viewBox="0 0 10 20"')).toEqual(["svg", 1024, 2048]);
    expect(await sizeOf('width="8000" height="8000"')).toEqual(["svg", 2048, 2048]);
  });

  it("becomes sharp renditions with its transparency", async () => {
    const file = await draw(
      '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="5" height="10" fill="#e61e1e"/></svg>',
      400,
    );
    expect([file.width, file.height]).toEqual([400, 400]);
    const row = await sharp(file.bytes)
      .extract({ left: 0, top: 200, width: 400, height: 1 })
      .raw()
      .toBuffer();
    // Enlarged from ten pixels, the edge would be soft over forty.
    const soft = Array.from({ length: 400 }, (_, x) => row[x * 4 + 3] ?? 0).filter(
      (alpha) => alpha > 0 && alpha < 255,
    );
    expect(soft.length).toBeLessThanOrEqual(4);
  });

  const outside = (reference: string): readonly (readonly [string, string])[] => [
    ["image", drawing(`<image href="${reference}" width="50" height="50"/>`)],
    ["image by XLink", drawing(`<image xlink:href="${reference}" width="50" height="50"/>`)],
    ["use", drawing(`<use href="${reference}#a"/>`)],
    [
      "filter",
      drawing(
        `<filter id="f"><feImage href="${reference}"/></filter><rect width="50" height="50" filter="url(#f)"/>`,
      ),
    ],
    ["pattern", drawing(`<rect width="50" height="50" fill="url(${reference}#p) rgb(30,200,30)"/>`)],
    ["stylesheet", drawing("", `<?xml-stylesheet href="${reference}" type="text/css"?>`)],
    ["import", drawing(`<style>@import url("${reference}");</style>`)],
    [
      "font",
      drawing(
        `<style>@font-face { font-family: x; src: url("${reference}") }</style><text font-family="x"> </text>`,
      ),
    ],
    ["XInclude", drawing(`<xi:include href="${reference}" parse="text"/>`)],
    ["XInclude in a text", drawing(`<text><xi:include href="${reference}" parse="text"/></text>`)],
    ["script", drawing(`<script href="${reference}"/>`)],
    [
      "foreign object",
      drawing(
        `<foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="${reference}"/></foreignObject>`,
      ),
    ],
    ["external entity", drawing("<desc>&e;</desc>", `<!DOCTYPE svg [<!ENTITY e SYSTEM "${reference}">]>`)],
    ["parameter entity", drawing("", `<!DOCTYPE svg [<!ENTITY % e SYSTEM "${reference}"> %e;]>`)],
    ["document type", drawing("", `<!DOCTYPE svg SYSTEM "${reference}">`)],
  ];

  const KINDS = outside("").map(([kind]) => kind);

  it.each(KINDS)("loads nothing from a file or an address by its %s", async (kind) => {
    for (const reference of [pathToFileURL(SECRET).href, SECRET, `${origin}/${encodeURIComponent(kind)}`]) {
      const svg = new Map(outside(reference)).get(kind) ?? "";
      const file = await draw(svg).catch((error: unknown) => error);
      // Drawn without it, or refused.
      if (file instanceof Error) expect(file).toMatchObject({ code: "CORRUPT_IMAGE" });
      else if (
        file !== null &&
        typeof file === "object" &&
        "bytes" in file &&
        file.bytes instanceof Uint8Array
      ) {
        expectColour(await meanColour(file.bytes, { left: 0, top: 0, width: 100, height: 100 }), GREEN, 1);
      }
    }
    expect(asked).toEqual([]);
  });

  it("draws what it carries itself", async () => {
    const png = (await solid({ width: 8, height: 8 }, RED).png().toBuffer()).toString("base64");
    const file = await draw(
      drawing(
        `<image href="data:image/png;base64,${png}" width="50" height="50" preserveAspectRatio="none"/>`,
      ),
    );
    expectColour(await meanColour(file.bytes, whole(file)), RED, 2);
  });

  it("would be seen to load something, were the server asked", async () => {
    await fetch(`${origin}/seen`);
    expect(asked).toEqual(["/seen"]);
    asked.length = 0;
  });
});
