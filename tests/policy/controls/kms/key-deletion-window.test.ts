import { describe, expect, it } from "vitest";
import { kmsKeyDeletionWindow } from "../../../../policy/controls/kms/key-deletion-window.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const judgeWindow = (deletionWindowInDays: unknown, parameters = {}, type = "aws:kms/key:Key") =>
  judge(kmsKeyDeletionWindow, resource({ type, props: { deletionWindowInDays } }), { parameters });

describe("KMS-002 kms-key-deletion-window", () => {
  it("accepts the default of 30 days", () => {
    expect(judgeWindow(undefined).outcome).toBe("compliant");
    expect(judgeWindow(30).outcome).toBe("compliant");
  });

  it.each([
    "aws:kms/key:Key",
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
  ])("reports a shorter deletion window of a %s", (type) => {
    expect(findingsOf(judgeWindow(29, {}, type))).toEqual(["subject DeletionWindow::short"]);
  });

  it("reads the shortest deletion window from the config", () => {
    expect(judgeWindow(7, { minimumDays: 7 }).outcome).toBe("compliant");
    expect(findingsOf(judgeWindow(13, { minimumDays: 14 }))).toEqual(["subject DeletionWindow::short"]);
    expect(findingsOf(judgeWindow(7, { minimumDays: 6 }))).toEqual(["subject Parameters::minimumDays"]);
  });

  it("does not judge an unknown deletion window", () => {
    expect(judgeWindow(UNKNOWN).outcome).toBe("not judged");
  });

  it("does not apply to other types", () => {
    expect(judgeWindow(7, {}, "aws:kms/alias:Alias").outcome).toBe("not applicable");
  });

  proveControl(kmsKeyDeletionWindow);
});
