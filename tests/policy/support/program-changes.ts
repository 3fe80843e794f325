import { expect } from "vitest";
import { z } from "zod";
import type { ProgramResource } from "./program-stack.ts";

/** One change of the program. Each fails when the program has no such resource or statement any more. */
export type Change = (resources: readonly ProgramResource[]) => readonly ProgramResource[];
type Inputs = ProgramResource["inputs"];

/** Edits the inputs of one resource, and sets options of it. */
export function change(name: string, edit: (inputs: Inputs) => Inputs, options = {}): Change {
  return (resources) => {
    expect(resources.map((each) => each.name)).toContain(name);
    return resources.map((each) =>
      each.name === name
        ? { ...each, inputs: edit(each.inputs), options: { ...each.options, ...options } }
        : each,
    );
  };
}

/** Sets properties of one resource; `undefined` leaves one out. */
export const set = (name: string, props: Inputs): Change =>
  change(name, (inputs) => ({ ...inputs, ...props }));

export function remove(name: string): Change {
  return (resources) => {
    expect(resources.map((each) => each.name)).toContain(name);
    return resources.filter((each) => each.name !== name);
  };
}

export function add(type: string, inputs: Inputs): Change {
  const options = { protect: false, ignoreChanges: [] };
  return (resources) => [...resources, { type, name: "added", inputs, options }];
}

const statementSchema = z.looseObject({ Sid: z.string() });
const documentSchema = z.looseObject({ Statement: z.array(statementSchema) });
type Statement = z.output<typeof statementSchema>;

/** Edits the statements of the policy document in `property`. */
function document(
  name: string,
  edit: (statements: readonly Statement[]) => readonly object[],
  property = "policy",
): Change {
  return change(name, (inputs) => {
    const parsed = documentSchema.parse(JSON.parse(z.string().parse(inputs[property])));
    return { ...inputs, [property]: JSON.stringify({ ...parsed, Statement: edit(parsed.Statement) }) };
  });
}

/** Sets elements of one statement. */
export function statement(name: string, sid: string, elements: object, property = "policy"): Change {
  return document(
    name,
    (statements) => {
      expect(statements.map(({ Sid }) => Sid)).toContain(sid);
      return statements.map((each) => (each.Sid === sid ? { ...each, ...elements } : each));
    },
    property,
  );
}

export const withoutStatement = (name: string, sid: string): Change =>
  document(name, (statements) => {
    expect(statements.map(({ Sid }) => Sid)).toContain(sid);
    return statements.filter(({ Sid }) => Sid !== sid);
  });

export const withStatement = (name: string, added: object): Change =>
  document(name, (statements) => [...statements, { Sid: "Added", Effect: "Allow", ...added }]);

export const variables = (added: object): Change =>
  change("processor-function", (inputs) => {
    const environment = z.looseObject({ variables: z.looseObject({}) }).parse(inputs["environment"]);
    return { ...inputs, environment: { variables: { ...environment.variables, ...added } } };
  });
