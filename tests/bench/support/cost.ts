/** What a million photos cost in Lambda, by the function's memory, from a photo's measured CPU time. */

/** MiB that come with one vCPU (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
const MIB_PER_VCPU = 1769;

/** US$ a GB-second in us-east-1, first tier (https://aws.amazon.com/lambda/pricing/). */
const GB_SECOND = { arm64: 0.0000133334, x86_64: 0.0000166667 } as const;

/** US$ a million requests, on either CPU. */
const REQUESTS = 0.2;

/**
 * Milliseconds of waiting for S3, DynamoDB and SNS that no CPU shortens: a GET of some megabytes, PUTs that mostly
 * overlap with encoding, three updates and a publish. An assumption, on the careful side of what AWS's services take
 * within a region.
 */
export const WAITING_MS = 150;

export type Duration = {
  /** CPU time of a photo in the warm function, of which all but the last encoding runs on two vCPUs at most. */
  readonly cpuMs: number;
  /** Wall time over CPU time where there are two vCPUs, 0.5 at best. */
  readonly partOnTwo: number;
};

/** Milliseconds of a photo with so much memory. Up to one vCPU, time grows as its share shrinks. */
export const durationMs = (memoryMib: number, { cpuMs, partOnTwo }: Duration): number => {
  const vcpus = memoryMib / MIB_PER_VCPU;
  const part = vcpus >= 2 ? partOnTwo : 1 / Math.min(1, vcpus);
  return WAITING_MS + cpuMs * part;
};

/** US$ a million photos: Lambda alone. */
export const costPerMillion = (
  memoryMib: number,
  architecture: keyof typeof GB_SECOND,
  duration: Duration,
): number =>
  (durationMs(memoryMib, duration) / 1000) * (memoryMib / 1024) * GB_SECOND[architecture] * 1e6 + REQUESTS;
