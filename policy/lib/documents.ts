import { type Judgement, notApplicable, notJudged } from "./judgement.ts";
import {
  type DocumentKind,
  MalformedDocument,
  type PolicyDocument,
  parsePolicyDocument,
  type Statement,
} from "./policy-document.ts";
import type { Properties } from "./properties.ts";
import type { ResourceView } from "./resource.ts";
import { isUnknown } from "./unknown.ts";

interface DocumentPlace {
  readonly kind: DocumentKind;
  /** The property that holds the document: `policy`. */
  readonly property: string;
  /** The list of objects that hold the property, when the resource holds many documents: `inlinePolicies`. */
  readonly within?: string;
}

/** Where each resource type holds policy documents. */
const PLACES: Readonly<Record<string, readonly DocumentPlace[]>> = {
  "aws:apigateway/restApi:RestApi": [{ kind: "resource", property: "policy" }],
  "aws:apigateway/restApiPolicy:RestApiPolicy": [{ kind: "resource", property: "policy" }],
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": [{ kind: "resource", property: "policy" }],
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": [{ kind: "resource", property: "policyDocument" }],
  "aws:dynamodb/resourcePolicy:ResourcePolicy": [{ kind: "resource", property: "policy" }],
  "aws:ecr/repositoryPolicy:RepositoryPolicy": [{ kind: "resource", property: "policy" }],
  "aws:iam/groupPolicy:GroupPolicy": [{ kind: "identity", property: "policy" }],
  "aws:iam/policy:Policy": [{ kind: "identity", property: "policy" }],
  "aws:iam/role:Role": [
    { kind: "trust", property: "assumeRolePolicy" },
    { kind: "identity", property: "policy", within: "inlinePolicies" },
  ],
  "aws:iam/rolePolicy:RolePolicy": [{ kind: "identity", property: "policy" }],
  "aws:iam/userPolicy:UserPolicy": [{ kind: "identity", property: "policy" }],
  "aws:kms/externalKey:ExternalKey": [{ kind: "key", property: "policy" }],
  "aws:kms/key:Key": [{ kind: "key", property: "policy" }],
  "aws:kms/keyPolicy:KeyPolicy": [{ kind: "key", property: "policy" }],
  "aws:kms/replicaExternalKey:ReplicaExternalKey": [{ kind: "key", property: "policy" }],
  "aws:kms/replicaKey:ReplicaKey": [{ kind: "key", property: "policy" }],
  "aws:s3/bucket:Bucket": [{ kind: "resource", property: "policy" }],
  "aws:s3/bucketPolicy:BucketPolicy": [{ kind: "resource", property: "policy" }],
  "aws:s3/bucketV2:BucketV2": [{ kind: "resource", property: "policy" }],
  "aws:secretsmanager/secret:Secret": [{ kind: "resource", property: "policy" }],
  "aws:secretsmanager/secretPolicy:SecretPolicy": [{ kind: "resource", property: "policy" }],
  "aws:sns/topic:Topic": [{ kind: "resource", property: "policy" }],
  "aws:sns/topicPolicy:TopicPolicy": [{ kind: "resource", property: "policy" }],
  "aws:sqs/queue:Queue": [{ kind: "resource", property: "policy" }],
  "aws:sqs/queuePolicy:QueuePolicy": [{ kind: "resource", property: "policy" }],
};

/** The type tokens that hold documents of these kinds. */
export function documentTypes(...kinds: readonly DocumentKind[]): readonly string[] {
  return Object.keys(PLACES).filter((type) => PLACES[type]?.some((place) => kinds.includes(place.kind)));
}

/** A document as found on a resource; exactly one of the three states. */
export type FoundDocument =
  | { readonly state: "parsed"; readonly path: string; readonly document: PolicyDocument }
  | { readonly state: "unknown"; readonly path: string }
  | { readonly state: "malformed"; readonly path: string; readonly error: MalformedDocument };

/** The documents of these kinds that a resource holds. */
export function findDocuments(
  resource: ResourceView,
  kinds: readonly DocumentKind[],
): readonly FoundDocument[] {
  return (PLACES[resource.type] ?? [])
    .filter((place) => kinds.includes(place.kind))
    .flatMap((place) => findAt(resource.props, place));
}

function findAt(props: Properties, place: DocumentPlace): readonly FoundDocument[] {
  if (place.within === undefined) return readDocument(props, place);
  if (props.isUnknown(place.within)) return [{ state: "unknown", path: props.path(place.within) }];
  return props.children(place.within).flatMap((holder) => readDocument(holder, place));
}

function readDocument(props: Properties, place: DocumentPlace): readonly FoundDocument[] {
  const path = props.path(place.property);
  if (!props.has(place.property)) return [];
  const source = props.value(place.property);
  if (isUnknown(source)) return [{ state: "unknown", path }];
  try {
    return [{ state: "parsed", path, document: parseOnce(source, place.kind) }];
  } catch (error) {
    if (error instanceof MalformedDocument) return [{ state: "malformed", path, error }];
    throw error;
  }
}

const REMEMBERED_DOCUMENTS = 1000;
const remembered = new Map<string, PolicyDocument>();

/** Every control over documents asks for the same ones, and parsing is most of what judging them costs. */
function parseOnce(source: unknown, kind: DocumentKind): PolicyDocument {
  if (typeof source !== "string") return parsePolicyDocument(source, kind);
  const key = `${kind} ${source}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const document = parsePolicyDocument(source, kind);
  if (remembered.size >= REMEMBERED_DOCUMENTS) remembered.clear();
  remembered.set(key, document);
  return document;
}

/** A statement with the document that it is in. */
export interface FoundStatement extends Statement {
  readonly kind: DocumentKind;
  /** Path of the document on its resource: `inlinePolicies[0].policy`. */
  readonly path: string;
}

/**
 * Judges each statement of the documents of these kinds. Documents and statements that can't be read are yielded as
 * not judged; the control IAM-001 reports a malformed one. A resource without such a document is not applicable.
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
        for (const statement of found.document.statements) {
          yield* judge({ ...statement, kind: found.document.kind, path: found.path });
        }
        break;
      default:
        found satisfies never;
    }
  }
}
