import { LAMBDA_URL } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const lambdaFunctionUrlAuth = defineResourceControl({
  id: "LAMBDA-002",
  name: "lambda-function-url-auth",
  title: "Lambda function URLs require credentials.",
  severity: "high",
  level: "mandatory",
  why: "With the type NONE, anyone who knows the URL can run the function at its owner's cost.",
  remediation:
    "Set authorizationType to AWS_IAM. For a public site, put CloudFront with an origin access control in front of it.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["lambda"],
  types: LAMBDA_URL,
  parameters: noParameters,
  *check({ props }) {
    if (props.string("authorizationType") === "AWS_IAM") return;
    yield violation({ key: "Authorization::none", message: "`authorizationType` must be AWS_IAM." });
  },
});
