import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { Architecture } from "./elf.ts";

const run = promisify(execFile);

/** npm's names of Lambda's CPUs. Lambda's Node runtimes are glibc Linux (Amazon Linux 2023). */
const NPM_CPU = { arm64: "arm64", x86_64: "x64" } as const satisfies Record<Architecture, string>;

const lockfileSchema = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({ version: z.string().optional(), integrity: z.string().optional() }),
  ),
});

/** The packages that hold sharp's and libvips' binaries for the architecture. */
export const nativePackageNames = (architecture: Architecture): readonly string[] => {
  const platform = `linux-${NPM_CPU[architecture]}`;
  return [`@img/sharp-${platform}`, `@img/sharp-libvips-${platform}`];
};

const npmCommand = (): readonly [string, ...string[]] => {
  const npm = process.env["npm_execpath"];
  return npm === undefined ? ["npm"] : [process.execPath, npm];
};

/**
 * The folder of packages (`node_modules`) with sharp's binaries for the architecture, whatever machine this is.
 *
 * npm installs only the binaries of the machine that it runs on. Those of the function are installed beside the
 * project, in the versions and with the checksums of the project's own lockfile, once.
 *
 * @param root folder with package-lock.json.
 * @param cacheDir folder that outlives the run.
 * @throws {Error} naming the packages, when npm can't install them.
 */
export const nativePackages = async (
  architecture: Architecture,
  root: string,
  cacheDir: string,
): Promise<string> => {
  const names = nativePackageNames(architecture);
  const { packages } = lockfileSchema.parse(
    JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")),
  );
  const locked = names.map((name) => {
    const entry = packages[`node_modules/${name}`];
    if (entry?.version === undefined || entry.integrity === undefined) {
      throw new Error(
        `package-lock.json has no entry for ${name}: run \`npm install\` with sharp in package.json.`,
      );
    }
    return { name, version: entry.version, entry };
  });
  const installed = join(
    cacheDir,
    locked.map(({ name, version }) => `${name.replace("/", "-")}-${version}`).join("+"),
  );
  const manifest = {
    name: "native-packages",
    version: "0.0.0",
    // Of required packages npm refuses those for another machine; of optional ones it takes those for the machine named.
    optionalDependencies: Object.fromEntries(locked.map(({ name, version }) => [name, version])),
  };
  const lockfile = {
    ...manifest,
    lockfileVersion: 3,
    packages: {
      "": manifest,
      ...Object.fromEntries(locked.map(({ name, entry }) => [`node_modules/${name}`, entry])),
    },
  };

  const complete = async () =>
    (await readFile(join(installed, "package-lock.json"), "utf8").catch(() => "")) !== "";
  if (await complete()) {
    return join(installed, "node_modules");
  }
  await mkdir(cacheDir, { recursive: true });
  const folder = await mkdtemp(join(cacheDir, "installing-"));
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "package-lock.json"), JSON.stringify(lockfile));
  const [command, ...prefix] = npmCommand();
  const platform = ["--os=linux", `--cpu=${NPM_CPU[architecture]}`, "--libc=glibc"];
  try {
    await run(command, [...prefix, "ci", ...platform, "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: folder,
      // npm.cmd is a batch file, which Windows runs in a shell only.
      shell: process.platform === "win32" && command === "npm",
    });
    await Promise.all(names.map((name) => access(join(folder, "node_modules", name))));
    await rename(folder, installed);
  } catch (cause) {
    // Another run may have finished first: its folder is as good as ours.
    if (!(await complete())) {
      throw new Error(`npm could not install ${names.join(" and ")}, sharp's binaries for ${architecture}.`, {
        cause,
      });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return join(installed, "node_modules");
};
