import { findCli } from "./cli.ts";

// Run before the tests, and beside other work, so that they don't wait for a CLI that has to be built.
const { cli, ...search } = await findCli();
if (cli === undefined) {
  console.error("reason" in search ? search.reason : "");
  process.exitCode = 1;
} else {
  console.log(`Pulumi CLI ${cli.version}: ${cli.bin}`);
}
