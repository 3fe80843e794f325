import { settingConfigs } from "../../policy/support/program-configs.ts";
import { EMAIL, KEY_ARN, type RecordedProgram, runProgram } from "../../support/program.ts";

/** The stack that CI deploys in the tests, and its boundary. */
export const STACK = "production";
export const BOUNDARY_ARN = "arn:aws:iam::123456789012:policy/image-ci-production-boundary";

/** What the ends of numbers and the choices of README's table leave out. */
const OPTIONS = {
  deliveryDomain: "images.example.com",
  deliveryCertificateArn:
    "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
  deliveryWebAclArn:
    "arn:aws:wafv2:us-east-1:123456789012:global/webacl/images/11111111-2222-3333-4444-555555555555",
  delivery: "true",
  corsAllowedOrigins: '["https://www.example.com"]',
  inventory: "daily",
  notices: "digest",
  digestTimeZone: "Europe/Berlin",
  onDelete: "remove",
  recordTags: '["album"]',
  reservedConcurrency: "20",
  tags: '{"Team":"images"}',
};

const deployed = (config: Readonly<Record<string, string>>): Promise<RecordedProgram> =>
  runProgram({
    stack: STACK,
    config: { ...config, email: EMAIL, keyArn: KEY_ARN, permissionsBoundary: BOUNDARY_ARN },
  });

/** The program as CI deploys it with every option on. */
export const allOptions = (): Promise<RecordedProgram> => deployed(OPTIONS);

/** The same, and besides with each value of every choice. */
export const everyOption = async (): Promise<readonly RecordedProgram[]> => {
  const programs: RecordedProgram[] = [];
  const choices = settingConfigs().filter(([name]) => name.startsWith("choice"));
  for (const config of [OPTIONS, ...choices.map(([, each]) => each)]) {
    programs.push(await deployed(config));
  }
  return programs;
};
