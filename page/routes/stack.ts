import { paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { readGrants } from "../grants.ts";
import { sendJson } from "../http.ts";
import type { AlarmView, StackView } from "../model.ts";
import type { PageTarget } from "../ports.ts";
import { looking, type Routes } from "./route.ts";

/** The stack's alarms are named as its function is, but for the last word (infra/naming.ts). */
const readAlarms = async ({ pipeline }: PageTarget): Promise<readonly AlarmView[]> => {
  const { aws, outputs } = pipeline;
  const prefix = outputs.functionName.replace(/processor$/, "");
  const alarms: AlarmView[] = [];
  const pages = paginateDescribeAlarms({ client: aws.cloudwatch }, { AlarmNamePrefix: prefix });
  for await (const { MetricAlarms = [] } of pages) {
    alarms.push(
      ...MetricAlarms.map(({ AlarmName = "", AlarmDescription = "", StateValue = "", StateReason = "" }) => ({
        name: AlarmName.replace(prefix, ""),
        about: AlarmDescription,
        state: StateValue,
        reason: StateReason,
      })),
    );
  }
  return alarms;
};

/** What the stack is made of, what watches it, who may do what in it, and what the policy pack says of it. */
export const stackRoutes = (target: PageTarget): Routes => ({
  "GET /api/stack": looking(async ({ response }) => {
    // The pack's tables are large, and few visits come here.
    const { judgedControls } = await import("../judged-controls.ts");
    const [resources, alarms, granted] = await Promise.all([
      target.resources(),
      readAlarms(target),
      target.calls().then((calls) => readGrants(target.pipeline, calls)),
    ]);
    sendJson(response, {
      ...granted,
      alarms,
      resources: resources.map(({ type, name, id }) => ({ type, name, id })),
      controls: judgedControls(resources, new Date()),
    } satisfies StackView);
  }),
});
