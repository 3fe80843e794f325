import type { ControlView, GrantView, ResourceView, StackView } from "../../model.ts";
import { get } from "../server.ts";
import type { State } from "../store.ts";
import { countText } from "../text.ts";
import { Icon } from "./icon.tsx";
import { Loading, useLoaded } from "./loading.tsx";
import { Scrolling } from "./scrolling.tsx";
import { Tabs } from "./tabs.tsx";

/** `aws:s3/bucket:Bucket` is an S3 bucket to people. */
const kindOf = (type: string): string => {
  const [, service = "", kind = ""] = /^aws:([^/]+)\/[^:]+:(\w+)$/.exec(type) ?? [undefined, "", type];
  return `${service} ${kind.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")}`.trim();
};

const Resources = ({ resources }: { readonly resources: readonly ResourceView[] }) => (
  <Scrolling label="Resources">
    <table>
      <thead>
        <tr>
          <th>Resource</th>
          <th>Kind</th>
          <th>In AWS</th>
        </tr>
      </thead>
      <tbody>
        {resources.map(({ type, name, id }) => (
          <tr key={`${type} ${name}`}>
            <td>
              <strong>{name}</strong>
            </td>
            <td>{kindOf(type)}</td>
            <td class="mono breaking">{id}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </Scrolling>
);

const ALARM_STATES: Readonly<Record<string, readonly [className: string, text: string]>> = {
  OK: ["tag good", "quiet"],
  ALARM: ["tag bad", "alarm"],
  INSUFFICIENT_DATA: ["tag", "no data yet"],
};

const Alarms = ({ alarms }: Pick<StackView, "alarms">) => (
  <ul class="cards">
    {alarms.map(({ name, about, state, reason }) => {
      const [className, text] = ALARM_STATES[state] ?? ["tag", state];
      return (
        <li key={name} class="card">
          <h3>
            {name} <span class={className}>{text}</span>
          </h3>
          <p>{about}</p>
          {state === "ALARM" && <p class="problem">{reason}</p>}
        </li>
      );
    })}
  </ul>
);

const useText = ({ calls, byAws }: GrantView) => {
  if (byAws !== undefined) {
    return <span>used by {byAws}</span>;
  }
  if (calls === undefined) {
    return <span>not counted here</span>;
  }
  return calls > 0 ? (
    <span class="tag good">
      <Icon name="done" /> {countText(calls, "call")}
    </span>
  ) : (
    <span class="tag">not called yet</span>
  );
};

const Grants = ({ role, grants }: Pick<StackView, "role" | "grants">) => (
  <>
    <p class="lead">
      The function has one role, <span class="mono breaking">{role}</span>. This is all that it may do, beside
      what it has done since the start.
    </p>
    <Scrolling label="Grants">
      <table>
        <thead>
          <tr>
            <th>May</th>
            <th>On</th>
            <th>Did</th>
          </tr>
        </thead>
        <tbody>
          {grants.map((grant) => (
            <tr key={`${grant.action} ${grant.resources.join()} ${grant.conditions}`}>
              <td class="mono">{grant.action}</td>
              <td class="mono breaking">
                {grant.resources.map((resource) => (
                  <div key={resource}>{resource}</div>
                ))}
                {grant.conditions !== undefined && <div class="quiet-text">only if {grant.conditions}</div>}
              </td>
              <td>{useText(grant)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  </>
);

const OUTCOMES = {
  compliant: ["tag good", "passed"],
  violation: ["tag bad", "broken"],
  "not judged": ["tag", "not judged"],
} as const satisfies Record<ControlView["outcome"], readonly [string, string]>;

const RANK = { violation: 0, "not judged": 1, compliant: 2 } as const satisfies Record<
  ControlView["outcome"],
  number
>;

const Controls = ({ controls }: Pick<StackView, "controls">) => {
  const passed = controls.filter(({ outcome }) => outcome === "compliant").length;
  return (
    <>
      <p class="lead">
        {passed} of {countText(controls.length, "control")} of the policy pack that have something to judge
        here are passed. An advisory tells what might be better; a mandatory control would stop a deployment.
      </p>
      <Scrolling label="Controls">
        <table>
          <thead>
            <tr>
              <th>Control</th>
              <th>What must be so</th>
              <th>Outcome</th>
            </tr>
          </thead>
          <tbody>
            {controls
              .toSorted((a, b) => RANK[a.outcome] - RANK[b.outcome])
              .map(({ id, title, level, severity, outcome, findings }) => (
                <tr key={id}>
                  <td>
                    <strong>{id}</strong>
                    <div class="quiet-text">
                      {level}, {severity}
                    </div>
                  </td>
                  <td>
                    {title}
                    {findings.map((finding) => (
                      <div key={finding} class="problem">
                        {finding}
                      </div>
                    ))}
                  </td>
                  <td>
                    <span class={OUTCOMES[outcome][0]}>{OUTCOMES[outcome][1]}</span>
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </Scrolling>
    </>
  );
};

/** What the pipeline is made of, and how it is kept in check. */
export const StackPage = ({ target }: State) => {
  const stack = useLoaded(() => get<StackView>("api/stack"), []);
  return (
    <>
      <h1 tabIndex={-1}>Stack</h1>
      <p class="lead">
        {target?.kind === "stack"
          ? `The stack ${target.name} in ${target.region}.`
          : "The program's own resources, on an AWS emulator of this machine."}
      </p>
      <Loading of={stack}>
        {({ resources, alarms, role, grants, controls }) => (
          <Tabs
            label="The stack"
            tabs={[
              { title: "Who may do what", view: () => <Grants role={role} grants={grants} /> },
              { title: "Controls", view: () => <Controls controls={controls} /> },
              { title: "Alarms", view: () => <Alarms alarms={alarms} /> },
              {
                title: countText(resources.length, "resource"),
                view: () => <Resources resources={resources} />,
              },
            ]}
          />
        )}
      </Loading>
    </>
  );
};
