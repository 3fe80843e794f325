import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RunningPipeline, STATE_FILE } from "../../operator/running.ts";

/** The name of the profile that `aws --profile` takes. */
export const PROFILE = "image-pipeline";

/** A configuration file of the AWS CLI (`AWS_CONFIG_FILE`), beside what other commands are told. */
export const PROFILE_FILE = join(STATE_FILE, "..", "aws-config");

/** Lets the AWS CLI and the SDKs use the emulator, without its secret on a screen or in a shell's history. */
export const writeProfile = (
  { endpoint, authorityFile, credentials, region }: RunningPipeline,
  file = PROFILE_FILE,
): void => {
  if (credentials === undefined) {
    return;
  }
  const settings = {
    region,
    endpoint_url: endpoint,
    ...(authorityFile !== undefined && { ca_bundle: authorityFile }),
    aws_access_key_id: credentials.accessKeyId,
    aws_secret_access_key: credentials.secretAccessKey,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  // A file that is there would keep its mode.
  removeProfile(file);
  writeFileSync(file, [`[profile ${PROFILE}]`, ...lines, ""].join("\n"), { mode: 0o600, flag: "wx" });
};

export const removeProfile = (file = PROFILE_FILE): void => rmSync(file, { force: true });
