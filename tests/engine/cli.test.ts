import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  builtCli,
  cliAt,
  npmPackage,
  npmPackageBin,
  pinnedVersion,
  pulumiOnPath,
} from "../../local/pulumi-cli.ts";
import { withLock } from "./support/cli/lock.ts";

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

describe("the lock", () => {
  it("lets one in at a time, and the next when the first fails", async () => {
    const path = join(folder, "lock");
    const events: string[] = [];
    const work = (name: string, fails: boolean) =>
      withLock(path, async () => {
        events.push(`${name} in`);
        await new Promise((resolve) => setTimeout(resolve, 50));
        events.push(`${name} out`);
        if (fails) throw new Error(name);
      });
    const results = await Promise.allSettled([work("a", true), work("b", false)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(events.map((event) => event.slice(2))).toEqual(["in", "out", "in", "out"]);
  });

  it("is taken over from a process that has died", async () => {
    const path = join(folder, "lock");
    const { pid } = execFile("true");
    await new Promise((resolve) => setTimeout(resolve, 200));
    await mkdir(path);
    await writeFile(join(path, "pid"), String(pid));
    expect(await withLock(path, async () => "done")).toBe("done");
  });
});
