import { expect } from "vitest";
import { z } from "zod";
import type { RecordedResource } from "../../support/program.ts";
import { urnOf } from "./subject.ts";

/** A change to the program. It fails if the program no longer has the resource or statement. */
export type Change = (resources: readonly RecordedResource[]) => readonly RecordedResource[];
type Values = Readonly<Record<string, unknown>>;

/** Edits the properties of one resource and sets its options. */
export const change =
  (
    name: string,
    edit: (properties: Values) => Values,
    options: Partial<Pick<RecordedResource, "protect" | "ignoreChanges">> = {},
  ): Change =>
  (resources) => {
    expect(resources.map((each) => each.name)).toContain(name);
    return resources.map((each) =>
      each.name === name
        ? { ...each, engineInputs: edit(each.engineInputs), state: edit(each.state), ...options }
        : each,
    );
  };

/** Sets properties of one resource; `undefined` removes a property. */
export const set = (name: string, properties: Values): Change =>
  change(name, (present) => ({ ...present, ...properties }));

export const remove =
  (name: string): Change =>
  (resources) => {
    expect(resources.map((each) => each.name)).toContain(name);
    return resources.filter((each) => each.name !== name);
  };

/** Adds a resource with the logical name `added`. */
export const add =
  (type: string, properties: Values): Change =>
  (resources) => [
    ...resources,
    {
      urn: urnOf(type, "added"),
      type,
      name: "added",
      custom: true,
      inputs: properties,
      engineInputs: properties,
      state: { ...properties, id: "added-id" },
      secrets: [],
      parent: "",
      protect: false,
      ignoreChanges: [],
      dependencies: [],
      errorHooks: [],
      propertyDependencies: Object.fromEntries(Object.keys(properties).map((property) => [property, []])),
    },
  ];

const statementSchema = z.looseObject({ Sid: z.string() });
const documentSchema = z.looseObject({ Statement: z.array(statementSchema) });
type Statement = z.output<typeof statementSchema>;

/** Edits the statements of the policy document in `property`. */
const document = (
  name: string,
  edit: (statements: readonly Statement[]) => readonly object[],
  property = "policy",
): Change =>
  change(name, (present) => {
    const parsed = documentSchema.parse(JSON.parse(z.string().parse(present[property])));
    return { ...present, [property]: JSON.stringify({ ...parsed, Statement: edit(parsed.Statement) }) };
  });

/** Sets elements of one statement. */
export const statement = (name: string, sid: string, elements: object, property = "policy"): Change =>
  document(
    name,
    (statements) => {
      expect(statements.map(({ Sid }) => Sid)).toContain(sid);
      return statements.map((each) => (each.Sid === sid ? { ...each, ...elements } : each));
    },
    property,
  );

export const withoutStatement = (name: string, sid: string): Change =>
  document(name, (statements) => {
    expect(statements.map(({ Sid }) => Sid)).toContain(sid);
    return statements.filter(({ Sid }) => Sid !== sid);
  });

export const withStatement = (name: string, added: object): Change =>
  document(name, (statements) => [...statements, { Sid: "Added", Effect: "Allow", ...added }]);

export const variables = (added: object): Change =>
  change("processor-function", (present) => {
    const environment = z.looseObject({ variables: z.looseObject({}) }).parse(present["environment"]);
    return { ...present, environment: { variables: { ...environment.variables, ...added } } };
  });
