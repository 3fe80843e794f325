import { z } from "zod";

const whole = (minimum: number, maximum: number) => z.int().min(minimum).max(maximum);

/** CloudWatch accepts these only (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html). */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const webOrigin = z
  .string()
  .refine(
    (value) => URL.canParse(value) && /^https?:/.test(value) && new URL(value).origin === value,
    "expected an origin such as https://www.example.com, with no path",
  )
  .describe("origins");

/** Of S3's characters in the name of a tag all but `=`, by which people part it from the value. */
const TAG_NAME = /^(?!aws:)[A-Za-z0-9 _.:/+@-]{1,40}$/;

const DOMAIN = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const CERTIFICATE = /^arn:aws(?:-[a-z]+)*:acm:us-east-1:\d{12}:certificate\/[\w-]+$/;
const PRINCIPAL = /^arn:aws(?:-[a-z]+)*:iam::\d{12}:(?:role|user)\/[\w+=,.@/-]+$/;
const WEB_ACL = /^arn:aws(?:-[a-z]+)*:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/;
const KEY = /^arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/;
const MANAGED_POLICY = /^arn:aws(?:-[a-z]+)*:iam::\d{12}:policy\/[\w+=,.@/-]+$/;

const isTimeZone = (value: string): boolean => {
  try {
    // EventBridge Scheduler knows names, and no offsets such as +01:00.
    return /^[A-Za-z]/.test(value) && new Intl.DateTimeFormat("en", { timeZone: value }) !== undefined;
  } catch {
    return false;
  }
};

/** Every setting of the stack but `email` and `renditions`: its range, its default and its sentence in the documentation. */
export const settingsSchema = z
  .strictObject({
    architecture: z
      .enum(["arm64", "x86_64"])
      .default("arm64")
      .describe("CPU of the function; arm64 costs a fifth less"),
    memoryMb: whole(512, 10_240)
      .default(1769)
      .describe(
        "Memory of the function in MiB; CPU grows with it, 1,769 is one full vCPU. A new account may have to ask AWS Support for more than 3,008",
      ),
    timeoutSeconds: whole(10, 900)
      .default(60)
      .describe(
        "Longest run of the function for one batch; the queue hides a message for six times as long and the batch window",
      ),
    reservedConcurrency: whole(1, 1000)
      .optional()
      .describe(
        "Concurrent runs reserved for the function; none are reserved when unset. Lambda keeps 100 of the account's unreserved, and a new account may have 10: raise the quota L-B99A9384 first",
      ),
    maximumConcurrency: whole(2, 1000).default(10).describe("Concurrent runs that the queue may start"),
    batchSize: whole(1, 10).default(5).describe("Uploads handed to one run at most"),
    batchWindowSeconds: whole(0, 300).default(0).describe("How long the queue gathers a batch"),
    maxReceiveCount: whole(1, 1000)
      .default(5)
      .describe("Tries before a message goes to the dead-letter queue"),
    messageRetentionDays: whole(1, 13)
      .default(4)
      .describe("How long the ingest queue keeps a message; the dead-letter queue keeps it for 14 days"),
    tracing: z.boolean().default(true).describe("Record X-Ray traces"),
    logLevel: z
      .enum(["DEBUG", "INFO", "WARN", "ERROR"])
      .default("INFO")
      .describe("Least severe log lines that the function writes"),
    logRetentionDays: z
      .literal(LOG_RETENTION_DAYS)
      .default(30)
      .describe("How long CloudWatch keeps the function's logs"),
    maxImageBytes: whole(1024, 1_073_741_824)
      .default(104_857_600)
      .describe("Largest original in bytes; a larger one is recorded as failed"),
    maxImagePixels: whole(10_000, 268_402_689)
      .default(50_000_000)
      .describe("Most pixels of an original; one with more is recorded as failed"),
    maxImageSeconds: whole(1, 900)
      .optional()
      .describe(
        "Longest time that one image may take, two fifths of timeoutSeconds when unset; one that takes longer is stopped and recorded as failed",
      ),
    svg: z
      .enum(["refuse", "rasterise"])
      .default("refuse")
      .describe(
        "What becomes of SVG drawings; drawn with 2,048 pixels on the longer side, texts in the function's one font, Roboto, and without anything outside of the file",
      ),
    heicPreviewSide: whole(1, 16_383)
      .default(1000)
      .describe(
        "Pixels that the longer side of the JPEG preview in a HEIC must have for it to be used; a HEIC without one is recorded as failed",
      ),
    keepPosition: z.boolean().default(false).describe("Record where a photo was taken, by its GPS position"),
    recordTags: z
      .array(
        z
          .string()
          .regex(
            TAG_NAME,
            "expected the name of an object tag, 1 to 40 letters, digits, spaces and _ . : / + - @",
          )
          .describe("names of object tags"),
      )
      .max(5, "expected at most five names: each is an index of the table")
      .refine((names) => new Set(names).size === names.length, "expected each name once")
      .default([])
      .describe(
        "Object tags of originals that records keep and search finds by, at most five; read when an original is processed",
      ),
    renditionLinks: z
      .union([z.enum(["console", "none", "delivery"]), z.url({ protocol: /^https$/ })])
      .default("console")
      .describe(
        "Links in notices: to the AWS console, none, to where delivery serves, or below an https address that serves the destination bucket",
      ),
    delivery: z
      .boolean()
      .default(false)
      .describe("Serve the destination bucket to everyone by CloudFront; the source bucket stays private"),
    deliveryPriceClass: z
      .enum(["PriceClass_100", "PriceClass_200", "PriceClass_All"])
      .default("PriceClass_100")
      .describe(
        "Where CloudFront serves from: North America and Europe; besides, Asia, Africa and the Middle East; everywhere",
      ),
    deliveryDomain: z
      .string()
      .regex(DOMAIN, "expected a domain such as images.example.com")
      .optional()
      .describe("Domain of your own that renditions are served at, with deliveryCertificateArn"),
    deliveryCertificateArn: z
      .string()
      .regex(
        CERTIFICATE,
        "expected the ARN of a certificate in ACM in us-east-1, where CloudFront looks for it",
      )
      .optional()
      .describe("Certificate for deliveryDomain, from ACM in us-east-1"),
    deliveryWebAclArn: z
      .string()
      .regex(WEB_ACL, "expected the ARN of a web ACL of WAFv2 with the scope CLOUDFRONT")
      .optional()
      .describe("Web ACL of AWS WAF that stands before CloudFront, of the scope CLOUDFRONT"),
    deliveryLogDays: whole(1, 3650)
      .default(30)
      .describe("How long the logs of CloudFront's requests are kept, in a bucket of their own"),
    operators: z
      .array(z.string().regex(PRINCIPAL, "expected the ARN of an IAM role or user").describe("ARNs"))
      .min(1, "expected at least one: somebody has to redrive")
      .optional()
      .describe(
        "ARNs of the IAM roles and users that may send messages to the ingest queue, as redrive and reprocess do, and replace images that serve as watermarks; whoever runs `pulumi up` when unset",
      ),
    corsAllowedOrigins: z
      .array(webOrigin)
      .default([])
      .describe("Web origins that may upload to the source bucket from a browser"),
    notices: z
      .enum(["every", "failures", "digest"])
      .default("every")
      .describe(
        "Which uploads a mail is sent for, or one for all of a time; for more than a few a second, failures or digest",
      ),
    digestEvery: z
      .enum(["hour", "day", "week"])
      .optional()
      .describe("How often a digest is sent, each day when unset; a week's comes on Monday"),
    digestHour: whole(0, 23)
      .optional()
      .describe("Hour at which a day's or a week's digest is sent, 8 when unset"),
    digestTimeZone: z
      .string()
      .refine(isTimeZone, "expected a time zone such as Europe/Berlin")
      .optional()
      .describe(
        "Time zone of digestHour and of the times in a digest, such as Europe/Berlin; UTC when unset",
      ),
    inventory: z
      .enum(["off", "daily", "weekly"])
      .default("off")
      .describe(
        "Lists of both buckets by S3 Inventory, and a role and function for S3 Batch Operations: for more than about a million originals",
      ),
    onDelete: z
      .enum(["keep", "remove"])
      .default("keep")
      .describe(
        "What becomes of the renditions of an original that is deleted, or replaced by one that has others; the record follows in any case",
      ),
    noncurrentVersionDays: whole(1, 3650)
      .default(30)
      .describe("How long both buckets keep overwritten and deleted objects"),
    protectData: z
      .boolean()
      .default(true)
      .describe(
        "Refuse to delete buckets, table and key; when false, `pulumi destroy` deletes them with all they hold",
      ),
    keyDeletionWindowDays: whole(7, 30)
      .default(30)
      .describe("Waiting period before a destroyed stack's key is gone for good"),
    keyArn: z
      .string()
      .regex(KEY, "expected the ARN of a key, and not of an alias")
      .optional()
      .describe(
        "KMS key of your own for all that is stored, set before the first deployment; the stack makes one when unset",
      ),
    permissionsBoundary: z
      .string()
      .regex(MANAGED_POLICY, "expected the ARN of a managed policy")
      .optional()
      .describe(
        "Managed policy that bounds what any role of the stack may do; CI's deploy role makes none without it",
      ),
    backlogAlarmSeconds: whole(60, 86_400)
      .default(900)
      .describe("Age of the oldest waiting upload that raises an alarm"),
    tags: z
      .record(z.string().regex(/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u), z.string().max(256))
      .default({})
      .describe("Tags on every resource, besides Project and Stack"),
  })
  .refine(
    ({ reservedConcurrency, maximumConcurrency }) =>
      (reservedConcurrency ?? maximumConcurrency) >= maximumConcurrency,
    {
      path: ["reservedConcurrency"],
      error: "expected at least maximumConcurrency, or the queue starts runs that Lambda throttles",
    },
  )
  .superRefine((settings, context) => {
    const problem = (path: keyof typeof settings, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    const { delivery, deliveryDomain, deliveryCertificateArn, deliveryWebAclArn, renditionLinks } = settings;
    if ((settings.maxImageSeconds ?? 0) >= settings.timeoutSeconds) {
      problem(
        "maxImageSeconds",
        "expected less than timeoutSeconds, or Lambda stops the function before the image",
      );
    }
    if (renditionLinks === "delivery" && !delivery) {
      problem("renditionLinks", "expected delivery only with image-pipeline:delivery true");
    }
    if (deliveryDomain !== undefined && deliveryCertificateArn === undefined) {
      problem("deliveryCertificateArn", "expected a certificate for deliveryDomain");
    }
    if (deliveryCertificateArn !== undefined && deliveryDomain === undefined) {
      problem("deliveryDomain", "expected the domain that deliveryCertificateArn is for");
    }
    const { notices, digestEvery, digestHour, digestTimeZone } = settings;
    for (const [key, value] of Object.entries({ digestEvery, digestHour, digestTimeZone })) {
      if (value !== undefined && notices !== "digest") problem("notices", `expected digest, or no ${key}`);
    }
    if (digestEvery === "hour" && digestHour !== undefined) {
      problem("digestHour", "expected none when digestEvery is hour");
    }
    for (const [key, value] of Object.entries({ deliveryDomain, deliveryWebAclArn })) {
      if (value !== undefined && !delivery) problem("delivery", `expected true, or no ${key}`);
    }
  });

export type Settings = z.infer<typeof settingsSchema>;
