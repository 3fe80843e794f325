/** A policy document, and all findings of the controls over documents. */
export type DocumentRow = {
  /** What is right or wrong with it, with the published issue that it covers, if any. */
  readonly title: string;
  readonly document: unknown;
  /** Each finding as the control's name and the finding's key, sorted by the controls' ids. */
  readonly findings: readonly string[];
};

export const ACCOUNT = "111122223333";
export const STRANGER = "999988887777";
export const BUCKET = "arn:aws:s3:::images";
export const OBJECTS = "arn:aws:s3:::images/*";
export const QUEUE = `arn:aws:sqs:eu-central-1:${ACCOUNT}:ingest`;
export const TOPIC = `arn:aws:sns:eu-central-1:${ACCOUNT}:notices`;
export const TABLE = `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/assets`;
export const FUNCTION = `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:processor`;
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/processor`;
export const KEY = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
export const ALIAS = `arn:aws:kms:eu-central-1:${ACCOUNT}:alias/images`;

type Elements = Readonly<Record<string, unknown>>;

export const document = (...statements: readonly Elements[]): unknown => ({
  Version: "2012-10-17",
  Statement: statements,
});

/** A statement `S` of an identity policy that allows the action on the resource. */
export const allow = (Action: unknown, Resource: unknown, others: Elements = {}): Elements => ({
  Sid: "S",
  Effect: "Allow",
  Action,
  Resource,
  ...others,
});

export const deny = (Action: unknown, Resource: unknown, others: Elements = {}): Elements => ({
  ...allow(Action, Resource, others),
  Effect: "Deny",
});

/** A statement `S` of a resource policy. */
export const grant = (
  Principal: unknown,
  Action: unknown,
  Resource: unknown,
  others: Elements = {},
): Elements => ({ ...allow(Action, Resource, others), Principal });

/** A statement `S` of a trust policy. */
export const trust = (
  Principal: unknown,
  Condition?: Elements,
  Action: unknown = "sts:AssumeRole",
): Elements => ({
  Sid: "S",
  Effect: "Allow",
  Principal,
  Action,
  ...(Condition === undefined ? {} : { Condition }),
});

/** A condition with one operator and key. */
export const when = (operator: string, key: string, value: unknown): { Condition: Elements } => ({
  Condition: { [operator]: { [key]: value } },
});

export const good = (title: string, body: unknown): DocumentRow => ({ title, document: body, findings: [] });

export const bad = (title: string, body: unknown, ...findings: readonly string[]): DocumentRow => ({
  title,
  document: body,
  findings,
});
