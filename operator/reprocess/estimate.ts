import type { FunctionSettings } from "./function-settings.ts";

/** What would be processed once more. */
export type Estimate = {
  readonly originals: number;
  /** Bytes of the originals. */
  readonly bytes: number;
  /** Files to be stored, as many as there are now where that is known. */
  readonly renditions: number;
  /** Seconds that the function is likely to work, all originals together. */
  readonly functionSeconds: number;
  /** At the list prices of us-east-1. */
  readonly dollars: number;
};

/** One original's part of an estimate. */
export type Part = {
  readonly sizeBytes: number;
  /** Files there are now; `undefined` when nothing is known. */
  readonly renditions: number | undefined;
  /** Milliseconds that it took before. */
  readonly durationMs: number | undefined;
};

/** US dollars, us-east-1, without free tiers (https://aws.amazon.com/pricing/); README.md's "What it costs" has the same. */
const PRICES = {
  lambdaArmGbSecond: 0.000_013_333_4,
  lambdaX86GbSecond: 0.000_016_666_7,
  lambdaRun: 0.2e-6,
  s3Put: 5e-6,
  s3Get: 0.4e-6,
  /** 10 write units of the record and its indexes. */
  dynamodbRecord: 10 * 0.625e-6,
  /** A tenth of a send, a receive and a delete. */
  sqsMessage: 2.1 * 0.4e-6,
  /** 2.5 KB of logs. */
  logs: (2.5 / 1e6) * 0.5,
  notice: 0.5e-6 + 2 / 100_000,
  batchJob: 0.25,
  batchTask: 1e-6,
  /** A strongly consistent read of a record of up to 4 KB. */
  dynamodbRead: 0.125e-6,
} as const;

/** What the function that S3 Batch Operations invokes takes for one object, warm, as infra/reprocessor.ts sizes it. */
const REPROCESSOR = { seconds: 0.06, gb: 0.25 } as const;

/** What is assumed of an original of which nothing is known. */
const UNKNOWN = { durationMs: 1000, renditions: 6 } as const;

/** What S3 Batch Operations costs for so many objects, besides what is done with them. */
export const jobDollars = (tasks: number, { isArm }: Pick<FunctionSettings, "isArm">): number => {
  const gbSecond = isArm ? PRICES.lambdaArmGbSecond : PRICES.lambdaX86GbSecond;
  const invocation = PRICES.lambdaRun + REPROCESSOR.seconds * REPROCESSOR.gb * gbSecond;
  return PRICES.batchJob + tasks * (PRICES.batchTask + invocation + PRICES.dynamodbRead);
};

export const NOTHING: Estimate = { originals: 0, bytes: 0, renditions: 0, functionSeconds: 0, dollars: 0 };

/** Adds an original to an estimate. */
export const withPart = (
  estimate: Estimate,
  { sizeBytes, renditions = UNKNOWN.renditions, durationMs = UNKNOWN.durationMs }: Part,
  { memoryMb, isArm }: Pick<FunctionSettings, "memoryMb" | "isArm">,
  isNoticed: boolean,
): Estimate => {
  const seconds = durationMs / 1000;
  const gbSecond = isArm ? PRICES.lambdaArmGbSecond : PRICES.lambdaX86GbSecond;
  return {
    originals: estimate.originals + 1,
    bytes: estimate.bytes + sizeBytes,
    renditions: estimate.renditions + renditions,
    functionSeconds: estimate.functionSeconds + seconds,
    dollars:
      estimate.dollars +
      seconds * (memoryMb / 1024) * gbSecond +
      PRICES.lambdaRun +
      renditions * PRICES.s3Put +
      PRICES.s3Get +
      PRICES.dynamodbRecord +
      PRICES.sqsMessage +
      PRICES.logs +
      (isNoticed ? PRICES.notice : 0),
  };
};
