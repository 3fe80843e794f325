import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";

const bin = join(import.meta.dirname, "../../node_modules/.bin");

it.each(["language-host/pulumi-language-nodejs", "provider/pulumi-resource-aws"])(
  "the plugin %s tells its port, and ends when its engine has ended",
  async (plugin) => {
    const engine = createServer().listen(0, "127.0.0.1");
    await once(engine, "listening");
    const { port } = z.object({ port: z.int() }).parse(engine.address());
    const child = spawn(join(import.meta.dirname, "support", plugin), ["-v=1", `127.0.0.1:${port}`], {
      env: {
        PATH: [bin, process.env["PATH"]].join(delimiter),
        AWS_ENDPOINT_URL: "https://127.0.0.1:1",
        AWS_REGION: "eu-central-1",
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    const [line] = await once(child.stdout, "data");
    expect(String(line)).toMatch(/^\d+\n$/);
    engine.close();
    expect(await ended).toEqual([1, null]);
  },
);
