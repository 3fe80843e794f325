import { readFileSync } from "node:fs";
import { z } from "zod";
import { ACTION_OVERRIDES } from "./action-overrides.ts";
import { globMatches, globsOverlap } from "./wildcard.ts";

/** AWS's access levels. An action can have two: `Permissions management` and `Write`. */
export const ACCESS_LEVELS = ["List", "Read", "Write", "Tagging", "Permissions management"] as const;

export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** What AWS's Service Authorization Reference says of one action. */
export interface ActionFacts {
  /** In AWS's spelling: `s3:GetObject`. */
  readonly name: string;
  readonly accessLevels: readonly AccessLevel[];
  /** ARN templates of the resources it can be limited to; empty when only `*` is possible. */
  readonly arnTemplates: readonly string[];
  /** Can it be granted on `*` only? */
  readonly wildcardOnly: boolean;
  /** Condition keys that the action understands, besides the global ones. */
  readonly conditionKeys: readonly string[];
  /** Of those, the keys one of which ought to limit it where resources can't; curated. */
  readonly scopingKeys: readonly string[];
}

const indexes = z.array(z.int().nonnegative());
const tableSchema = z.object({
  /** Package and version the table was made from. */
  source: z.string(),
  services: z.record(
    z.string(),
    z.object({
      conditionKeys: z.array(z.string()),
      /** Name and ARN template of each. */
      resourceTypes: z.array(z.tuple([z.string(), z.string()])),
      /** Access levels, resource types and condition keys of each action, as indexes. */
      actions: z.record(z.string(), z.tuple([indexes, indexes, indexes])),
    }),
  ),
});

export type ActionTableFile = z.output<typeof tableSchema>;

/** Answers questions about AWS's actions. */
export class ActionTable {
  /** Package and version of the data. */
  readonly source: string;
  readonly #byService: ReadonlyMap<string, readonly ActionFacts[]>;

  constructor(file: ActionTableFile) {
    this.source = file.source;
    this.#byService = new Map(
      Object.entries(file.services).map(([service, table]) => [
        service,
        Object.keys(table.actions).map((name) => factsOf(service, name, table)),
      ]),
    );
  }

  /** Does the table have this service's actions? Of other services only the patterns themselves can be judged. */
  knows(service: string): boolean {
    return this.#byService.has(service.toLowerCase());
  }

  /**
   * The actions that a pattern stands for, of the services in the table.
   *
   * @param pattern `*`, `s3:Get*`, `s3:GetObject`; compared without regard to case, as IAM does.
   */
  expand(pattern: string): readonly ActionFacts[] {
    const [service = "", name] = pattern.toLowerCase().split(":");
    const namePattern = name ?? "*";
    return [...this.#byService].flatMap(([candidate, actions]) => {
      if (!globMatches(service, candidate)) return [];
      return actions.filter((action) =>
        globMatches(namePattern, action.name.slice(candidate.length + 1), { ignoreCase: true }),
      );
    });
  }

  /** The action of exactly this name. */
  find(action: string): ActionFacts | undefined {
    const found = this.expand(action);
    return found.length === 1 ? found[0] : undefined;
  }
}

/**
 * Can the action act on anything that the resource pattern matches? True for `*` and for an action on `*` only.
 *
 * @param resourcePattern as in a statement; policy variables stand for any text.
 */
export function resourceFits(action: ActionFacts, resourcePattern: string): boolean {
  if (action.arnTemplates.length === 0) return true;
  const pattern = resourcePattern.replaceAll(/\$\{[^}]*\}/g, "*");
  return action.arnTemplates.some((template) =>
    globsOverlap(template.replaceAll(/\$\{[^}]*\}/g, "*"), pattern),
  );
}

function factsOf(service: string, action: string, table: ActionTableFile["services"][string]): ActionFacts {
  const [levels, types, keys] = table.actions[action] ?? [[], [], []];
  const name = `${service}:${action}`;
  const override = ACTION_OVERRIDES[name];
  const arnTemplates =
    override?.wildcardOnly === true ? [] : types.flatMap((index) => table.resourceTypes[index]?.[1] ?? []);
  return {
    name,
    accessLevels: levels.flatMap((index) => ACCESS_LEVELS[index] ?? []),
    arnTemplates,
    wildcardOnly: arnTemplates.length === 0,
    conditionKeys: keys.flatMap((index) => table.conditionKeys[index] ?? []),
    scopingKeys: override?.scopingKeys ?? [],
  };
}

let table: ActionTable | undefined;

/** The pack's own table, read at first use: a stack without IAM documents does not pay for it. */
export function actionTable(): ActionTable {
  if (table === undefined) {
    const text = readFileSync(new URL("./action-table.json", import.meta.url), "utf8");
    table = new ActionTable(tableSchema.parse(JSON.parse(text)));
  }
  return table;
}
