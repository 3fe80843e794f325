import { describe, expect, it } from "vitest";
import { s3PublicAcl } from "../../../../policy/controls/s3/public-acl.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const ACL = "aws:s3/bucketAcl:BucketAcl";
const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";
const ANY_ACCOUNT = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
const LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery";
const judgeAcl = (props: object, type = ACL) => judge(s3PublicAcl, resource({ type, props }));
const grantTo = (uri: unknown) => ({
  accessControlPolicy: { grants: [{ permission: "READ", grantee: { type: "Group", uri } }] },
});

describe("S3-006 s3-public-acl", () => {
  it.each(["private", "log-delivery-write", "bucket-owner-full-control", "aws-exec-read"])(
    "accepts the ACL %s",
    (acl) => {
      expect(judgeAcl({ acl }).outcome).toBe("compliant");
    },
  );

  it("accepts no ACL, and grants to owners and to log delivery", () => {
    expect(judgeAcl({}, BUCKET).outcome).toBe("compliant");
    expect(judgeAcl(grantTo(LOG_DELIVERY)).outcome).toBe("compliant");
    expect(judgeAcl({ grants: [{ type: "CanonicalUser", id: "abc" }] }, BUCKET).outcome).toBe("compliant");
  });

  it.each([
    BUCKET,
    "aws:s3/bucketV2:BucketV2",
    ACL,
    "aws:s3/bucketAclV2:BucketAclV2",
    "aws:s3/bucketObject:BucketObject",
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "aws:s3/objectCopy:ObjectCopy",
  ])("reports each public ACL of a %s", (type) => {
    for (const acl of ["public-read", "public-read-write", "authenticated-read"]) {
      expect(findingsOf(judgeAcl({ acl }, type))).toEqual(["subject Acl::public"]);
    }
  });

  it.each([ALL_USERS, ANY_ACCOUNT])("reports a grant to %s", (uri) => {
    expect(findingsOf(judgeAcl(grantTo(uri)))).toEqual([
      "subject Grantee::accessControlPolicy[0].grants[0].grantee[0].uri",
    ]);
    expect(findingsOf(judgeAcl({ grants: [{ type: "Group", uri }] }, BUCKET))).toEqual([
      "subject Grantee::grants[0].uri",
    ]);
  });

  it("judges the grants when the ACL is unknown", () => {
    expect(judgeAcl({ acl: UNKNOWN }).outcome).toBe("not judged");
    expect(judgeAcl({ acl: UNKNOWN, ...grantTo(ALL_USERS) }).outcome).toBe("violation");
    expect(judgeAcl(grantTo(UNKNOWN)).outcome).toBe("not judged");
  });

  it("does not apply to other types", () => {
    expect(judgeAcl({ acl: "public-read" }, "aws:sqs/queue:Queue").outcome).toBe("not applicable");
  });

  proveControl(s3PublicAcl);
});
