import { describe, expect, it } from "vitest";
import { ecrTagImmutability } from "../../../../policy/controls/ecr/tag-immutability.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const judgeRepository = (imageTagMutability: unknown, type = "aws:ecr/repository:Repository") =>
  judge(ecrTagImmutability, resource({ type, props: { imageTagMutability } }));

describe("ECR-002 ecr-tag-immutability", () => {
  it.each(["IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"])("accepts %s", (mutability) => {
    expect(judgeRepository(mutability).outcome).toBe("compliant");
  });

  it.each(["MUTABLE", "MUTABLE_WITH_EXCLUSION", undefined])("reports %s", (mutability) => {
    expect(findingsOf(judgeRepository(mutability))).toEqual(["subject Tags::mutable"]);
  });

  it("does not judge an unknown setting", () => {
    expect(judgeRepository(UNKNOWN).outcome).toBe("not judged");
  });

  it("does not apply to other types", () => {
    expect(judgeRepository("MUTABLE", "aws:ecr/repositoryPolicy:RepositoryPolicy").outcome).toBe(
      "not applicable",
    );
  });

  proveControl(ecrTagImmutability);
});
