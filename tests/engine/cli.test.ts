import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  builtCli,
  chooseCli,
  cliAt,
  npmPackage,
  npmPackageBin,
  pinnedVersion,
  pulumiOnPath,
} from "../../operator/pulumi-cli.ts";
import { findCli } from "./support/cli.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const install = async (path: string, answer: string): Promise<string> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "${answer}"\n`);
  await chmod(path, 0o755);
  return path;
};

describe("the pinned version", () => {
  it("is that of the npm package, of the SDK and of the Go module that the CLI is built from", async () => {
    const version = await pinnedVersion();
    const root = join(import.meta.dirname, "../..");
    const { dependencies, devDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    expect(devDependencies.pulumi).toBe(version);
    expect(dependencies["@pulumi/pulumi"]).toBe(version);
    const goModule = await readFile(join(import.meta.dirname, "support/cli/go.mod"), "utf8");
    expect(goModule).toContain(`\tgithub.com/pulumi/pulumi/pkg/v3 v${version}`);
  });
});

describe("a CLI on PATH", () => {
  it("is passed over when it is the npm package, which would download another", async () => {
    const local = join(folder, "project/node_modules");
    await install(join(local, "pulumi/run.js"), "v9.9.9");
    await mkdir(join(local, ".bin"));
    await symlink("../pulumi/run.js", join(local, ".bin/pulumi"));
    const PATH = [join(folder, "nowhere"), join(local, ".bin")].join(delimiter);
    expect(await pulumiOnPath({ PATH })).toBeUndefined();
    const real = await install(join(folder, "bin/pulumi"), "v9.9.9");
    expect(await pulumiOnPath({ PATH: [PATH, join(folder, "bin")].join(delimiter) })).toBe(real);
  });

  it.each([
    ["v3.259.0", "3.259.0"],
    ["v3.300.1", "3.300.1"],
    ["v4.0.0", "4.0.0"],
    ["v3.260.0-alpha.1", "3.260.0"],
    ["v3.258.9", undefined],
    ["v2.999.0", undefined],
    ["segmentation fault", undefined],
  ])("that answers %s is taken as %s where 3.259.0 is needed", async (answer, version) => {
    const bin = await install(join(folder, "pulumi"), answer);
    expect((await cliAt(bin, "3.259.0"))?.version).toBe(version);
  });

  it("is not there when the file is missing or is no program", async () => {
    expect(await cliAt(join(folder, "pulumi"), "3.259.0")).toBeUndefined();
    await writeFile(join(folder, "pulumi"), "v3.259.0");
    expect(await cliAt(join(folder, "pulumi"), "3.259.0")).toBeUndefined();
  });

  it("brings its language host when that lies beside it, links resolved", async () => {
    const bin = await install(join(folder, "cellar/pulumi"), "v3.259.0");
    await symlink(bin, join(folder, "pulumi"));
    expect((await cliAt(join(folder, "pulumi"), "3.259.0"))?.bringsLanguageHost).toBe(false);
    await install(join(folder, "cellar/pulumi-language-nodejs"), "");
    expect((await cliAt(join(folder, "pulumi"), "3.259.0"))?.bringsLanguageHost).toBe(true);
  });
});

describe("where a CLI is kept", () => {
  it("is where the npm package looks for its own", async () => {
    const bin = await install(npmPackageBin({ PULUMI_HOME: folder }, "3.259.0"), "the cached CLI");
    const { stdout } = await promisify(execFile)(process.execPath, [join(npmPackage, "run.js"), "version"], {
      env: { PATH: process.env["PATH"], PULUMI_HOME: folder, PULUMI_VERSION: "3.259.0" },
    });
    expect(stdout).toBe("the cached CLI\n");
    expect(bin).toBe(join(folder, "versions/3.259.0/bin/pulumi"));
  });

  it("is apart from the user's own when it was built, and npx finds it there when PULUMI_HOME says so", () => {
    const built = builtCli({ XDG_CACHE_HOME: folder }, "3.259.0");
    expect(built.bin).toBe(npmPackageBin({ PULUMI_HOME: built.home }, "3.259.0"));
    expect(built.bin).not.toBe(npmPackageBin({}, "3.259.0"));
  });
});

describe("the CLI that a command of the user's is run with", () => {
  const none = { PATH: "" };

  it("is the one on PATH, where it is new enough", async () => {
    const bin = await install(join(folder, "bin/pulumi"), "v9.9.9");
    const environment = { PATH: join(folder, "bin"), PULUMI_HOME: folder };
    expect(await chooseCli(environment)).toBe(bin);
    await install(bin, "v3.1.0");
    expect(await chooseCli(environment)).toBeUndefined();
  });

  it("is the one that the npm package has downloaded", async () => {
    const version = await pinnedVersion();
    const bin = await install(npmPackageBin({ PULUMI_HOME: folder }, version), `v${version}`);
    expect(await chooseCli({ ...none, PULUMI_HOME: folder })).toBe(bin);
  });

  it("is none, where it is still to be downloaded", async () => {
    expect(await chooseCli({ ...none, PULUMI_HOME: folder })).toBeUndefined();
  });
});

describe("where no CLI is and none can be had", () => {
  // No download through a proxy that is not there, and no Go to build with.
  const nothing = () => ({
    PATH: "",
    PULUMI_HOME: folder,
    XDG_CACHE_HOME: folder,
    HTTPS_PROXY: "http://127.0.0.1:1",
  });
  const REASON =
    /^No Pulumi CLI \d+\.\d+\.\d+ or newer: the download from get\.pulumi\.com is not to be had; there is no Go to build it with\. Install one as https:\/\/www\.pulumi\.com\/docs\/install\/ says\.$/;

  it("is told why, in one sentence", async () => {
    expect(await findCli(nothing())).toEqual({ cli: undefined, reason: expect.stringMatching(REASON) });
  });

  it.each([
    ["skips its tests and says why in one line", {}, 0],
    ["fails under CI=true", { CI: "true" }, 1],
  ])("the suite %s", async (_, environment, code) => {
    const vitest = join(import.meta.dirname, "../../node_modules/vitest/vitest.mjs");
    const child = execFile(process.execPath, [vitest, "run", "tests/engine/provider.test.ts", "--no-color"], {
      cwd: join(import.meta.dirname, "../.."),
      env: { HOME: folder, ...nothing(), ...environment },
    });
    let output = "";
    child.stdout?.on("data", (data) => (output += data));
    child.stderr?.on("data", (data) => (output += data));
    expect(await once(child, "close")).toEqual([code, null]);
    const reasons = output.split("\n").filter((line) => line.includes("No Pulumi CLI"));
    expect(reasons.length).toBeGreaterThan(0);
    expect(output).toMatch(
      code === 0
        ? /tests: 0 passed, 0 failed, [1-9]\d* skipped\n$/
        : /tests: 0 passed, 1 failed, 0 skipped\n$/,
    );
    if (code === 0) expect(reasons).toEqual([expect.stringMatching(/^Skipped: No Pulumi CLI .* says\.$/)]);
  });
});
