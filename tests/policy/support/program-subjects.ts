import { unknownCheckingProxy } from "@pulumi/policy";
import { Properties } from "../../../policy/engine/properties.ts";
import type { StackResource } from "../../../policy/engine/resource.ts";
import type { RecordedProgram, RecordedResource } from "../../support/program.ts";
import { UNKNOWN } from "./subject.ts";

/** Properties that AWS assigns or fills in, which are unknown at a first preview. */
const COMPUTED = ["arn", "id", "url", "keyId", "policy", "inlinePolicies", "managedPolicyArns", "kmsKeyId"];

const subject = (recorded: RecordedResource, props: object): StackResource => {
  const { type, name, urn, protect, ignoreChanges, dependencies, propertyDependencies } = recorded;
  return {
    type,
    name,
    urn,
    props: new Properties(unknownCheckingProxy(props)),
    options: { protect, ignoreChanges },
    dependencies,
    propertyDependencies,
  };
};

/** Each resource as a pack sees it before it is created. */
export const inputsOf = ({ resources }: RecordedProgram): readonly StackResource[] =>
  resources.map((recorded) => subject(recorded, recorded.engineInputs));

/** Each resource as a pack sees it at the end of an update. */
export const statesOf = ({ resources }: RecordedProgram): readonly StackResource[] =>
  resources.map((recorded) => subject(recorded, recorded.state));

/** Each resource as a pack sees it at the end of a first preview. */
export const previewedStatesOf = ({ resources }: RecordedProgram): readonly StackResource[] => {
  const computed = Object.fromEntries(COMPUTED.map((property) => [property, UNKNOWN]));
  return resources.map((recorded) =>
    subject(recorded, recorded.custom ? { ...computed, ...recorded.engineInputs } : {}),
  );
};
