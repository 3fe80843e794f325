import { createRequire } from "node:module";
import { z } from "zod";
import { connect } from "../../../../local/emulator/aws.ts";
import { startEmulator } from "../../../../local/emulator/emulator.ts";
import { INVOKES, RESOURCES } from "../../../../local/provider/table.ts";
import { serveProvider } from "./provider.ts";

// The endpoint is not optional: without it the emulator would be started here, one for each plugin process.
const environment = z.object({ AWS_ENDPOINT_URL: z.url(), AWS_REGION: z.string() }).parse(process.env);
const { version } = z
  .object({ version: z.string() })
  .parse(createRequire(import.meta.url)("@pulumi/aws/package.json"));
await serveProvider({
  version,
  aws: connect(await startEmulator({ logFile: "" }), environment.AWS_REGION),
  resources: RESOURCES,
  invokes: INVOKES,
});
