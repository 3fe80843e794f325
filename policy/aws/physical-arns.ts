import type { Properties } from "../engine/properties.ts";
import type { StackResource } from "../engine/resource.ts";
import type { StackView } from "../engine/stack.ts";
import { isUnknown } from "../engine/unknown.ts";
import { globsOverlap } from "../engine/wildcard.ts";
import { parseArn } from "./arn.ts";

type Naming = {
  readonly types: readonly string[];
  /** Service prefix of the ARN. */
  readonly service: string;
  /** The property with the physical name. */
  readonly property: string;
  /** The resource part of the ARN. */
  readonly resource: (name: string, props: Properties) => string;
};

const plain = (name: string) => name;
const after = (prefix: string) => (name: string) => `${prefix}${name}`;

/** How AWS builds the ARNs of resources that policies often name. */
const NAMINGS: readonly Naming[] = [
  {
    types: ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"],
    service: "s3",
    property: "bucket",
    resource: plain,
  },
  { types: ["aws:sqs/queue:Queue"], service: "sqs", property: "name", resource: plain },
  { types: ["aws:sns/topic:Topic"], service: "sns", property: "name", resource: plain },
  { types: ["aws:dynamodb/table:Table"], service: "dynamodb", property: "name", resource: after("table/") },
  {
    types: ["aws:lambda/function:Function"],
    service: "lambda",
    property: "name",
    resource: after("function:"),
  },
  {
    types: ["aws:cloudwatch/logGroup:LogGroup"],
    service: "logs",
    property: "name",
    resource: after("log-group:"),
  },
  { types: ["aws:kinesis/stream:Stream"], service: "kinesis", property: "name", resource: after("stream/") },
  {
    types: ["aws:sfn/stateMachine:StateMachine"],
    service: "states",
    property: "name",
    resource: after("stateMachine:"),
  },
  {
    types: ["aws:cloudwatch/eventBus:EventBus"],
    service: "events",
    property: "name",
    resource: after("event-bus/"),
  },
  { types: ["aws:kms/key:Key"], service: "kms", property: "keyId", resource: after("key/") },
  {
    types: ["aws:secretsmanager/secret:Secret"],
    service: "secretsmanager",
    property: "name",
    // AWS appends a hyphen and six random characters.
    resource: (name) => `secret:${name}-??????`,
  },
  {
    types: ["aws:ssm/parameter:Parameter"],
    service: "ssm",
    property: "name",
    resource: (name) => `parameter/${name.replace(/^\//, "")}`,
  },
  {
    types: ["aws:iam/role:Role"],
    service: "iam",
    property: "name",
    resource: (name, props) => `role${props.string("path") ?? "/"}${name}`,
  },
];

/** The ARNs of a stack's resources: the real ones, or ARNs built from physical names while the real ones are unknown. */
export class PhysicalArns {
  /** Resource parts of ARNs, by service. */
  readonly #resources = new Map<string, Set<string>>();
  readonly #undecided = new Set<string>();

  constructor(stack: StackView) {
    for (const naming of NAMINGS) this.#resources.set(naming.service, new Set());
    for (const naming of NAMINGS) {
      for (const resource of stack.ofType(naming.types)) this.#add(naming, resource);
    }
  }

  /** Can ARNs of this service be compared with the stack's resources? */
  covers(service: string): boolean {
    return this.#resources.has(service);
  }

  /**
   * Does the pattern match a resource of the stack, or a part of one, such as objects, streams or versions?
   *
   * @param arnPattern of a service that is covered; policy variables match any text.
   * @returns `undefined` when there is no match but a resource of the service has neither a known name nor a known ARN.
   */
  match(arnPattern: string): boolean | undefined {
    const arn = parseArn(arnPattern.replaceAll(/\$\{[^}]*\}/g, "*"));
    if (arn === undefined) return true;
    const resources = this.#resources.get(arn.service) ?? new Set();
    // Most patterns are a name, or a name with all its parts. These need no loop.
    const whole = arn.resource.replace(/[/:]\*$/, "");
    if (resources.has(arn.resource) || resources.has(whole)) return true;
    for (const resource of resources) {
      const candidates = [resource, `${resource}/*`, `${resource}:*`];
      if (candidates.some((candidate) => globsOverlap(arn.resource, candidate))) return true;
    }
    return this.#undecided.has(arn.service) ? undefined : false;
  }

  #add({ service, property, resource }: Naming, { props }: StackResource): void {
    const arn = props.value("arn");
    const name = props.value(property);
    if (typeof arn === "string" && !isUnknown(arn) && parseArn(arn)?.service === service) {
      this.#resources.get(service)?.add(parseArn(arn)?.resource ?? "");
    } else if (typeof name === "string" && name !== "" && !isUnknown(name)) {
      this.#resources.get(service)?.add(resource(name, props));
    } else {
      this.#undecided.add(service);
    }
  }
}
