import { readFileSync } from "node:fs";
import { z } from "zod";
import { globMatches, hasWildcard } from "../engine/wildcard.ts";
import { ACTION_OVERRIDES } from "./action-overrides.ts";
import { arnsOverlap, parseArn } from "./arn.ts";

/** AWS's access levels. An action can have two: `Permissions management` and `Write`. */
export const ACCESS_LEVELS = ["List", "Read", "Write", "Tagging", "Permissions management"] as const;

export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** Facts about one action from AWS's Service Authorization Reference. */
export type ActionFacts = {
  /** In AWS's spelling: `s3:GetObject`. */
  readonly name: string;
  readonly accessLevels: readonly AccessLevel[];
  /** ARN templates of the resources that it can be limited to; empty when only `*` is possible. */
  readonly arnTemplates: readonly string[];
  /** Can it be granted on `*` only? */
  readonly wildcardOnly: boolean;
  /** Condition keys that the action supports, in addition to the global ones. */
  readonly conditionKeys: readonly string[];
  /** Curated condition keys of which at least one should limit the action when resources can't. */
  readonly scopingKeys: readonly string[];
};

const indexes = z.array(z.int().nonnegative());
const serviceSchema = z.object({
  conditionKeys: z.array(z.string()),
  /** Name and ARN template of each. */
  resourceTypes: z.array(z.tuple([z.string(), z.string()])),
  /** Access levels, resource types and condition keys of each action, as indexes. */
  actions: z.record(z.string(), z.tuple([indexes, indexes, indexes])),
});
type ServiceTable = z.output<typeof serviceSchema>;

const tableSchema = z.object({
  /** Package and version that the table was generated from. */
  source: z.string(),
  services: z.record(z.string(), z.unknown()),
  /** For services that are not in `services`: names of the actions that can only be granted on `*`, in one text. */
  otherServices: z.record(z.string(), z.string()),
});

/** What the generator writes. */
export type ActionTableFile = {
  readonly source: string;
  readonly services: Readonly<Record<string, ServiceTable>>;
  readonly otherServices: Readonly<Record<string, string>>;
};

/** Answers questions about AWS's actions. */
export class ActionTable {
  /** Package and version of the data. */
  readonly source: string;
  readonly #unread: Readonly<Record<string, unknown>>;
  readonly #otherServices: Readonly<Record<string, string>>;
  /** By service, then by name in lower case. Read on first use, because a stack uses few services. */
  readonly #read = new Map<string, ReadonlyMap<string, ActionFacts>>();
  readonly #expanded = new Map<string, readonly ActionFacts[]>();

  /** @param file the content that the generator wrote. */
  constructor(file: unknown) {
    const { source, services, otherServices } = tableSchema.parse(file);
    this.source = source;
    this.#unread = services;
    this.#otherServices = otherServices;
  }

  /** Does the table have all of this service's actions? For other services, only the patterns themselves can be judged. */
  knows(service: string): boolean {
    return Object.hasOwn(this.#unread, service.toLowerCase());
  }

  /** Does AWS have such a service, whether the table covers it in full or in part? */
  hasService(service: string): boolean {
    return this.knows(service) || Object.hasOwn(this.#otherServices, service.toLowerCase());
  }

  /**
   * The actions that a pattern matches, in the services that the table covers in full.
   *
   * @param pattern `*`, `s3:Get*`, `s3:GetObject`; compared case-insensitively, as IAM does.
   */
  expand(pattern: string): readonly ActionFacts[] {
    const key = pattern.toLowerCase();
    const known = this.#expanded.get(key);
    if (known !== undefined) return known;
    const [service = "", name = "*"] = key.split(":");
    const candidates = hasWildcard(service)
      ? Object.keys(this.#unread).filter((candidate) => globMatches(service, candidate))
      : [service];
    const actions = candidates.flatMap((candidate) => this.#named(candidate, name));
    this.#expanded.set(key, actions);
    return actions;
  }

  /** The action with exactly this name. */
  find(action: string): ActionFacts | undefined {
    const [service = "", name = ""] = action.toLowerCase().split(":");
    return this.#actionsOf(service).get(name);
  }

  /**
   * Does the pattern match an action that can be limited to resources?
   *
   * @returns `undefined` when the table can't tell: the pattern has a wildcard and the service is covered only in part,
   * or the service is missing.
   */
  takesResources(pattern: string): boolean | undefined {
    const [service = "", name = "*"] = pattern.toLowerCase().split(":");
    if (hasWildcard(service) || this.knows(service)) {
      return this.expand(pattern).some((action) => !action.wildcardOnly);
    }
    const wildcardOnly = this.#otherServices[service];
    if (wildcardOnly === undefined || hasWildcard(name)) return undefined;
    return !wildcardOnly.toLowerCase().split(" ").includes(name);
  }

  #named(service: string, name: string): readonly ActionFacts[] {
    const actions = this.#actionsOf(service);
    if (hasWildcard(name))
      return [...actions.keys()].flatMap((key) => (globMatches(name, key) ? (actions.get(key) ?? []) : []));
    const action = actions.get(name);
    return action === undefined ? [] : [action];
  }

  #actionsOf(service: string): ReadonlyMap<string, ActionFacts> {
    const known = this.#read.get(service);
    if (known !== undefined) return known;
    const actions = new Map<string, ActionFacts>();
    if (Object.hasOwn(this.#unread, service)) {
      const table = serviceSchema.parse(this.#unread[service]);
      for (const name of Object.keys(table.actions)) {
        actions.set(name.toLowerCase(), factsOf(service, name, table));
      }
    }
    this.#read.set(service, actions);
    return actions;
  }
}

/**
 * Can the action act on anything that the resource pattern matches? True for `*`, and for actions that take no resource.
 *
 * @param resourcePattern from a statement; policy variables match any text.
 */
export const resourceFits = (action: ActionFacts, resourcePattern: string): boolean => {
  if (action.arnTemplates.length === 0) return true;
  const pattern = resourcePattern.replaceAll(/\$\{[^}]*\}/g, "*");
  const hasKey = parseArn(pattern)?.resource.includes("/") === true;
  return action.arnTemplates.some((template) => {
    // Bucket names contain no slash, so `images/*` matches objects and never a bucket.
    if (hasKey && template.endsWith(`:\${BucketName}`)) return false;
    return arnsOverlap(template.replaceAll(/\$\{[^}]*\}/g, "*"), pattern);
  });
};

const factsOf = (service: string, action: string, table: ServiceTable): ActionFacts => {
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
};

let table: ActionTable | undefined;

/** The pack's table. It is read on first use, so stacks without IAM documents don't pay for it. */
export const actionTable = (): ActionTable => {
  if (table === undefined) {
    const text = readFileSync(new URL("./action-table.json", import.meta.url), "utf8");
    table = new ActionTable(JSON.parse(text));
  }
  return table;
};
