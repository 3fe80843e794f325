import * as timers from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/** What a service of AWS learns within seconds, as a rule, and within a minute as SQS says of a queue's attributes. */
const TRIES = 13;
const SECONDS_BETWEEN = 10;

/** Whether a failure is one that passes by itself: the newest error first, each as the provider words it. */
export const isToRetry = (errors: readonly string[], passing: string): boolean =>
  errors.length < TRIES && (errors[0] ?? "").includes(passing);

/**
 * Has the engine try a resource again for two minutes where AWS's answer says that it does not know yet what has just
 * been made. The provider hands on the text of the answer alone.
 *
 * A deletion that fails is not explained any more where the program does not run, as in `pulumi destroy`: the engine
 * misses the hook then and says only that.
 *
 * @param resource its logical name
 * @param passing what AWS answers then
 */
export const retryWhile = (resource: string, passing: string): pulumi.ErrorHook =>
  new pulumi.ErrorHook(`${resource}-retries`, async ({ errors }) => {
    const again = isToRetry(errors, passing);
    if (again) await timers.setTimeout(SECONDS_BETWEEN * 1000);
    return again;
  });
