import { type Judgement, notApplicable, notJudged } from "../engine/judgement.ts";
import type { Properties } from "../engine/properties.ts";
import type { ResourceView } from "../engine/resource.ts";
import { isUnknown } from "../engine/unknown.ts";
import {
  type DocumentKind,
  MalformedDocument,
  type PolicyDocument,
  type Statement,
} from "./policy-document.ts";
import { parsePolicyDocument } from "./policy-document-parser.ts";

type DocumentPlace = {
  readonly kind: DocumentKind;
  /** The property that holds the document: `policy`. */
  readonly property: string;
  /** The list of objects that have the property, when the resource has several documents: `inlinePolicies`. */
  readonly within?: string;
};

/** Where each resource type has its policy documents. */
const PLACES: Readonly<Record<string, readonly DocumentPlace[]>> = {
  "aws:acmpca/policy:Policy": [{ kind: "resource", property: "policy" }],
  "aws:apigateway/restApi:RestApi": [{ kind: "resource", property: "policy" }],
  "aws:apigateway/restApiPolicy:RestApiPolicy": [{ kind: "resource", property: "policy" }],
  "aws:backup/vaultPolicy:VaultPolicy": [{ kind: "resource", property: "policy" }],
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": [{ kind: "resource", property: "policy" }],
  "aws:cloudwatch/logDestinationPolicy:LogDestinationPolicy": [
    { kind: "resource", property: "accessPolicy" },
  ],
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": [{ kind: "resource", property: "policyDocument" }],
  "aws:codeartifact/repositoryPermissionsPolicy:RepositoryPermissionsPolicy": [
    { kind: "resource", property: "policyDocument" },
  ],
  "aws:dynamodb/resourcePolicy:ResourcePolicy": [{ kind: "resource", property: "policy" }],
  "aws:ecr/registryPolicy:RegistryPolicy": [{ kind: "resource", property: "policy" }],
  "aws:ecr/repositoryPolicy:RepositoryPolicy": [{ kind: "resource", property: "policy" }],
  "aws:elasticsearch/domainPolicy:DomainPolicy": [{ kind: "resource", property: "accessPolicies" }],
  "aws:glacier/vault:Vault": [{ kind: "resource", property: "accessPolicy" }],
  "aws:glue/resourcePolicy:ResourcePolicy": [{ kind: "resource", property: "policy" }],
  "aws:iam/groupPolicy:GroupPolicy": [{ kind: "identity", property: "policy" }],
  "aws:iam/policy:Policy": [{ kind: "identity", property: "policy" }],
  "aws:iam/role:Role": [
    { kind: "trust", property: "assumeRolePolicy" },
    { kind: "identity", property: "policy", within: "inlinePolicies" },
  ],
  "aws:iam/rolePolicy:RolePolicy": [{ kind: "identity", property: "policy" }],
  "aws:iam/userPolicy:UserPolicy": [{ kind: "identity", property: "policy" }],
  "aws:kinesis/resourcePolicy:ResourcePolicy": [{ kind: "resource", property: "policy" }],
  "aws:kms/externalKey:ExternalKey": [{ kind: "key", property: "policy" }],
  "aws:kms/key:Key": [{ kind: "key", property: "policy" }],
  "aws:kms/keyPolicy:KeyPolicy": [{ kind: "key", property: "policy" }],
  "aws:kms/replicaExternalKey:ReplicaExternalKey": [{ kind: "key", property: "policy" }],
  "aws:kms/replicaKey:ReplicaKey": [{ kind: "key", property: "policy" }],
  "aws:msk/clusterPolicy:ClusterPolicy": [{ kind: "resource", property: "policy" }],
  "aws:opensearch/domain:Domain": [{ kind: "resource", property: "accessPolicies" }],
  "aws:opensearch/domainPolicy:DomainPolicy": [{ kind: "resource", property: "accessPolicies" }],
  "aws:s3/accessPoint:AccessPoint": [{ kind: "resource", property: "policy" }],
  "aws:s3/bucket:Bucket": [{ kind: "resource", property: "policy" }],
  "aws:s3/bucketPolicy:BucketPolicy": [{ kind: "resource", property: "policy" }],
  "aws:s3/bucketV2:BucketV2": [{ kind: "resource", property: "policy" }],
  "aws:s3control/accessPointPolicy:AccessPointPolicy": [{ kind: "resource", property: "policy" }],
  "aws:s3tables/tableBucketPolicy:TableBucketPolicy": [{ kind: "resource", property: "resourcePolicy" }],
  "aws:schemas/registryPolicy:RegistryPolicy": [{ kind: "resource", property: "policy" }],
  "aws:secretsmanager/secret:Secret": [{ kind: "resource", property: "policy" }],
  "aws:secretsmanager/secretPolicy:SecretPolicy": [{ kind: "resource", property: "policy" }],
  "aws:ses/identityPolicy:IdentityPolicy": [{ kind: "resource", property: "policy" }],
  "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy": [{ kind: "resource", property: "policy" }],
  "aws:sns/topic:Topic": [{ kind: "resource", property: "policy" }],
  "aws:sns/topicPolicy:TopicPolicy": [{ kind: "resource", property: "policy" }],
  "aws:sqs/queue:Queue": [{ kind: "resource", property: "policy" }],
  "aws:sqs/queuePolicy:QueuePolicy": [{ kind: "resource", property: "policy" }],
  "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": [
    { kind: "identity", property: "inlinePolicy" },
  ],
};

/** The type tokens of resources with documents of these kinds. */
export const documentTypes = (...kinds: readonly DocumentKind[]): readonly string[] =>
  Object.keys(PLACES).filter((type) => documentProperties(type, kinds).length > 0);

/** The top-level properties of a type that contain documents of these kinds. */
export const documentProperties = (type: string, kinds: readonly DocumentKind[]): readonly string[] =>
  (PLACES[type] ?? [])
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ property, within }) => within ?? property);

/** A document on a resource, in one of three states. */
export type FoundDocument =
  | {
      readonly state: "parsed";
      readonly path: string;
      readonly document: PolicyDocument;
      readonly statements: readonly FoundStatement[];
    }
  | { readonly state: "unknown"; readonly path: string }
  | { readonly state: "malformed"; readonly path: string; readonly error: MalformedDocument };

/** A statement with facts about its document. */
export type FoundStatement = Statement & {
  readonly kind: DocumentKind;
  readonly version: PolicyDocument["version"];
  /** Path of the document on its resource: `inlinePolicies[0].policy`. */
  readonly path: string;
  /** All statements of the document, including this one: another statement can deny what this one allows. */
  readonly siblings: readonly Statement[];
};

/** The documents of these kinds on a resource. */
export const findDocuments = (
  resource: ResourceView,
  kinds: readonly DocumentKind[],
): readonly FoundDocument[] => {
  const places = PLACES[resource.type] ?? [];
  if (places.length === 0) return [];
  let found = foundOn.get(resource);
  if (found === undefined) {
    found = new Map();
    foundOn.set(resource, found);
  }
  const documents: FoundDocument[] = [];
  for (const place of places) {
    if (!kinds.includes(place.kind)) continue;
    const known = found.get(place) ?? findAt(resource.props, place);
    found.set(place, known);
    documents.push(...known);
  }
  return documents;
};

// Every control over documents reads the same ones, and parsing is most of the cost.
const foundOn = new WeakMap<ResourceView, Map<DocumentPlace, readonly FoundDocument[]>>();

const findAt = (props: Properties, place: DocumentPlace): readonly FoundDocument[] => {
  if (place.within === undefined) return readDocument(props, place);
  if (props.isUnknown(place.within)) return [{ state: "unknown", path: props.path(place.within) }];
  return props.children(place.within).flatMap((holder) => readDocument(holder, place));
};

const readDocument = (props: Properties, { property, kind }: DocumentPlace): readonly FoundDocument[] => {
  const path = props.path(property);
  if (!props.has(property)) return [];
  const source = props.value(property);
  if (isUnknown(source)) return [{ state: "unknown", path }];
  try {
    const document = parsePolicyDocument(source, kind);
    const { statements: siblings, version } = document;
    const statements = siblings.map((statement) => ({ ...statement, kind, version, path, siblings }));
    return [{ state: "parsed", path, document, statements }];
  } catch (error) {
    if (error instanceof MalformedDocument) return [{ state: "malformed", path, error }];
    throw error;
  }
};

/**
 * Judges each statement of the documents of these kinds. Yields "not judged" for documents and statements that can't be
 * read; the control IAM-001 reports malformed documents. A resource without such a document is not applicable.
 */
export function* judgeStatements(
  resource: ResourceView,
  kinds: readonly DocumentKind[],
  judge: (statement: FoundStatement) => Iterable<Judgement>,
): Generator<Judgement> {
  const documents = findDocuments(resource, kinds);
  if (documents.length === 0) yield notApplicable();
  for (const found of documents) {
    switch (found.state) {
      case "unknown":
        yield notJudged(found.path);
        break;
      case "malformed":
        yield notJudged(found.path, "malformed");
        break;
      case "parsed":
        for (const label of found.document.unknownStatements) yield notJudged(`${found.path} ${label}`);
        for (const statement of found.statements) yield* judge(statement);
        break;
      default:
        found satisfies never;
    }
  }
}

/** A statement's name in messages: "Statement ReadOriginals of `policy`". */
export const nameOf = ({ label, path }: Pick<FoundStatement, "label" | "path">): string =>
  `Statement ${label} of \`${path}\``;
