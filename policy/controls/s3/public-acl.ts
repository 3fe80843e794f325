import { S3_ACL, S3_BUCKET, S3_OBJECT } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { type Judgement, judgePart, violation } from "../../engine/judgement.ts";
import type { Properties } from "../../engine/properties.ts";

export const s3PublicAcl = defineResourceControl({
  id: "S3-006",
  name: "s3-public-acl",
  title: "No S3 access control list (ACL) makes a bucket or an object public.",
  severity: "critical",
  level: "mandatory",
  why: "A public ACL lets anyone in the world, or anyone with any AWS account, read or change the data.",
  remediation: "Leave the ACL unset or make it private. Grant access to named principals with a policy.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl",
  mappings: { fsbp: ["S3.2", "S3.3"], cis: [], nist: ["AC-3", "AC-4", "AC-6", "AC-21", "SC-7"] },
  services: ["s3"],
  types: [...S3_BUCKET, ...S3_ACL, ...S3_OBJECT],
  parameters: noParameters,
  *check(resource) {
    const { props } = resource;
    yield* judgePart(resource, function* () {
      if (PUBLIC_ACLS.has(props.string("acl") ?? "private")) {
        yield violation({ key: "Acl::public", message: "`acl` must not be public." });
      }
    });
    yield* judgePart(resource, function* () {
      for (const grant of props.children("grants")) yield* judgeGrantee(grant);
      for (const grant of props.child("accessControlPolicy")?.children("grants") ?? []) {
        const grantee = grant.child("grantee");
        if (grantee !== undefined) yield* judgeGrantee(grantee);
      }
    });
  },
});

const PUBLIC_ACLS: ReadonlySet<string> = new Set(["public-read", "public-read-write", "authenticated-read"]);

/** The groups for everyone, and for everyone with an AWS account. */
const PUBLIC_GROUPS: ReadonlySet<string> = new Set([
  "http://acs.amazonaws.com/groups/global/AllUsers",
  "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
]);

function* judgeGrantee(grantee: Properties): Generator<Judgement> {
  if (!PUBLIC_GROUPS.has(grantee.string("uri") ?? "")) return;
  yield violation({
    key: `Grantee::${grantee.path("uri")}`,
    message: `\`${grantee.path("uri")}\` must not name a public group.`,
  });
}
