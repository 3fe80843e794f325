import { execFile } from "node:child_process";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { promisify } from "node:util";
import { npmPackage } from "../../../../operator/pulumi-cli.ts";

/** The first thing that the npm package fetches when it installs a CLI (node_modules/pulumi/lib/download.js). */
const INSTALL_SCRIPT = "https://get.pulumi.com/install.sh";

/** How long an answer may take before the download counts as not to be had. */
const PROBE_MS = 4_000;

/** A CLI is about 150 MB; slower than this is given up. */
const DOWNLOAD_MS = 10 * 60_000;

/**
 * Has the npm package `pulumi` install the CLI where it keeps it.
 * @returns what stood in the way, or undefined when the installation ran
 */
export async function downloadCli(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const reachable = await answers(INSTALL_SCRIPT, environment);
  if (!reachable) return "the download from get.pulumi.com is not to be had";
  return promisify(execFile)(process.execPath, [join(npmPackage, "run.js"), "version"], {
    env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true", NODE_USE_ENV_PROXY: "1" },
    timeout: DOWNLOAD_MS,
  }).then(
    () => undefined,
    () => "the download from get.pulumi.com failed",
  );
}

/** Through the proxy that the environment names, if it does. */
function answers(url: string, environment: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise((resolve) => {
    request(url, {
      method: "HEAD",
      agent: new Agent({ proxyEnv: environment }),
      signal: AbortSignal.timeout(PROBE_MS),
    })
      .once("response", ({ statusCode }) => resolve(statusCode === 200))
      .once("error", () => resolve(false))
      .end();
  });
}
