import { accountOf, isAccountId } from "../../aws/arn.ts";
import { LAMBDA_PERMISSION } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { type Judgement, violation } from "../../engine/judgement.ts";
import type { Properties } from "../../engine/properties.ts";

export const lambdaPermissionScope = defineResourceControl({
  id: "LAMBDA-001",
  name: "lambda-permission-scope",
  title: "Lambda permissions limit on whose behalf a service may call the function.",
  severity: "critical",
  level: "mandatory",
  why: "A permission for a service alone lets anyone, from any account, call the function through that service. An S3 bucket's ARN contains no account, and others can take the name of a deleted bucket.",
  remediation:
    "Set sourceArn to the calling resource. Also set sourceAccount if that ARN contains no account, as with S3. Name a principal instead of `*`.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html#lambda-1",
  mappings: { fsbp: ["Lambda.1"], cis: [], nist: ["AC-3", "AC-4", "AC-6", "AC-21", "SC-7"] },
  services: ["lambda"],
  types: LAMBDA_PERMISSION,
  parameters: noParameters,
  *check({ props }) {
    const principal = props.string("principal") ?? "";
    if (/^\*+$/.test(principal)) {
      if (props.has("principalOrgId")) return;
      yield violation({
        key: "Principal::any",
        message: "`principal` must not be `*` unless `principalOrgId` limits it to an organization.",
      });
    } else if (/\.amazonaws\.com(\.cn)?$/.test(principal)) {
      yield* judgeService(principal, props);
    } else if (principal.endsWith(".amazon.com") && !props.has("eventSourceToken")) {
      // Alexa has no ARNs: https://developer.amazon.com/docs/custom-skills/host-a-custom-skill-as-an-aws-lambda-function.html
      yield violation({
        key: "EventSourceToken::missing",
        message: "`eventSourceToken` must be the id of the skill that may call the function.",
        fix: "Set eventSourceToken to the skill's id.",
      });
    }
  },
});

function* judgeService(service: string, props: Properties): Generator<Judgement> {
  if (props.has("sourceAccount")) {
    if (isAccountId(props.string("sourceAccount") ?? "")) return;
    yield violation({
      key: "SourceAccount::not-one",
      message: "`sourceAccount` must be the id of one account.",
    });
  } else if (service.startsWith("s3.")) {
    yield violation({
      key: "SourceAccount::missing",
      message: "`sourceAccount` must be set, because a bucket's ARN contains no account.",
    });
  } else if (!props.has("sourceArn")) {
    yield violation({
      key: "Source::missing",
      message: "`sourceArn` or `sourceAccount` must limit on whose behalf the service may call.",
    });
  } else if (accountOf(props.string("sourceArn") ?? "") === undefined) {
    yield violation({
      key: "SourceAccount::missing",
      message: "`sourceAccount` must be set, because `sourceArn` contains no account.",
    });
  }
}
