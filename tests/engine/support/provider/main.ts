import { createRequire } from "node:module";
import { z } from "zod";
import { connect } from "../../../../local/aws.ts";
import { startEmulator } from "../../../../local/emulator.ts";
import { alias, key, keyPolicy } from "../../../../local/provider/kms.ts";
import { queue, queuePolicy } from "../../../../local/provider/sqs.ts";
import { serveProvider } from "./provider.ts";

const { AWS_ENDPOINT_URL, AWS_REGION } = z
  .object({ AWS_ENDPOINT_URL: z.url(), AWS_REGION: z.string() })
  .parse(process.env);
const { version } = z
  .object({ version: z.string() })
  .parse(createRequire(import.meta.url)("@pulumi/aws/package.json"));
const aws = connect(await startEmulator({ logFile: "" }), AWS_REGION);
await serveProvider({
  version,
  aws,
  resources: {
    "aws:kms/key:Key": key,
    "aws:kms/alias:Alias": alias,
    "aws:kms/keyPolicy:KeyPolicy": keyPolicy,
    "aws:sqs/queue:Queue": queue,
    "aws:sqs/queuePolicy:QueuePolicy": queuePolicy,
  },
  functions: {},
});
