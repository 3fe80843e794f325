import {
  IAM_GROUP,
  IAM_GROUP_ATTACHMENT,
  IAM_GROUP_POLICY,
  IAM_POLICY,
  IAM_POLICY_ATTACHMENT,
  IAM_ROLE,
  IAM_ROLE_ATTACHMENT,
  IAM_ROLE_POLICY,
  IAM_USER,
  IAM_USER_ATTACHMENT,
  IAM_USER_POLICY,
} from "../aws/resource-types.ts";
import { type NotJudged, notJudged } from "../engine/judgement.ts";
import type { StackResource } from "../engine/resource.ts";
import type { StackView } from "../engine/stack.ts";
import { documentTypes, type FoundStatement, findDocuments } from "./documents.ts";
import { isInput } from "./inputs.ts";

/** A statement with the resource that has its document. */
export type HeldStatement = FoundStatement & {
  readonly holder: StackResource;
};

/** A role, user or group with its policies, or a policy whose identity is not in the stack. */
export type Identity = {
  readonly resource: StackResource;
  /** The statements of all its documents: its own inline ones, separate inline policies, and attached policies. */
  readonly statements: readonly HeldStatement[];
  /** The parts of its documents that could not be read, each with the resource that has it. */
  readonly unread: readonly NotJudged[];
};

type Kind = {
  readonly types: readonly string[];
  /** Types of resources that each add one inline policy. */
  readonly inline: readonly string[];
  /** Types of resources that each attach one policy. */
  readonly attachments: readonly string[];
  /** The property of both that names the identity. */
  readonly property: string;
  /** The property of `PolicyAttachment` that lists such identities. */
  readonly list: string;
};

const KINDS: readonly Kind[] = [
  {
    types: IAM_ROLE,
    inline: IAM_ROLE_POLICY,
    attachments: IAM_ROLE_ATTACHMENT,
    property: "role",
    list: "roles",
  },
  {
    types: IAM_USER,
    inline: IAM_USER_POLICY,
    attachments: IAM_USER_ATTACHMENT,
    property: "user",
    list: "users",
  },
  {
    types: IAM_GROUP,
    inline: IAM_GROUP_POLICY,
    attachments: IAM_GROUP_ATTACHMENT,
    property: "group",
    list: "groups",
  },
];

/** The resource types that identities are collected from. */
export const IDENTITY_TYPES: readonly string[] = [...documentTypes("identity"), ...IAM_USER, ...IAM_GROUP];

/** Every identity of the stack with all its documents, then each document whose identity is not in the stack. */
export const identitiesOf = (stack: StackView): readonly Identity[] => {
  let identities = identitiesByStack.get(stack);
  if (identities === undefined) {
    identities = collectIdentities(stack);
    identitiesByStack.set(stack, identities);
  }
  return identities;
};

const identitiesByStack = new WeakMap<StackView, readonly Identity[]>();

const collectIdentities = (stack: StackView): readonly Identity[] => {
  const holders = new Map<StackResource, StackResource[]>();
  for (const kind of KINDS) {
    for (const identity of stack.ofType(kind.types)) {
      const attached = isInput(identity, "managedPolicyArns")
        ? stack.namedBy(identity, "managedPolicyArns", IAM_POLICY)
        : [];
      holders.set(identity, [identity, ...attached]);
    }
    const add = (identities: readonly StackResource[], added: readonly StackResource[]) => {
      for (const identity of identities) holders.get(identity)?.push(...added);
    };
    for (const inline of stack.ofType(kind.inline)) {
      add(stack.namedBy(inline, kind.property, kind.types), [inline]);
    }
    for (const each of stack.ofType(kind.attachments)) {
      add(stack.namedBy(each, kind.property, kind.types), stack.namedBy(each, "policyArn", IAM_POLICY));
    }
    for (const each of stack.ofType(IAM_POLICY_ATTACHMENT)) {
      add(stack.namedBy(each, kind.list, kind.types), stack.namedBy(each, "policyArn", IAM_POLICY));
    }
  }
  const owned = new Set([...holders.values()].flat());
  const alone = stack.ofType(documentTypes("identity")).filter((holder) => !owned.has(holder));
  return [
    ...[...holders].map(([identity, held]) => identityOf(identity, [...new Set(held)])),
    ...alone.map((holder) => identityOf(holder, [holder])),
  ];
};

const identityOf = (resource: StackResource, holders: readonly StackResource[]): Identity => {
  const statements: HeldStatement[] = [];
  const unread: NotJudged[] = [];
  for (const holder of holders) {
    for (const found of documentsOf(holder)) {
      if (found.state !== "parsed") {
        unread.push({ ...notJudged(found.path, found.state), resource: holder });
        continue;
      }
      for (const label of found.document.unknownStatements) {
        unread.push({ ...notJudged(`${found.path} ${label}`), resource: holder });
      }
      statements.push(...found.statements.map((statement) => ({ ...statement, holder })));
    }
  }
  return { resource, statements, unread };
};

const documentsOf = (holder: StackResource) => {
  if (IAM_ROLE.some((type) => type === holder.type) && !isInput(holder, "inlinePolicies")) return [];
  return findDocuments(holder, ["identity"]);
};
