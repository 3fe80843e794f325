import { takePass } from "./pass.ts";
import { problemOf } from "./problem.ts";

/** What stands at the page's address until the browser has shown its pass. */
const say = (text: string): void => {
  const place = document.getElementById("entry");
  if (place !== null) {
    place.textContent = text;
  }
};

const enter = async (): Promise<void> => {
  const pass = takePass();
  if (pass === undefined) {
    say("This page opens with the address that the command has printed: its end lets you in.");
    return;
  }
  const response = await fetch("enter", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ pass }),
  }).catch(() => undefined);
  if (response === undefined) {
    say("The page's server does not answer: does the command still run?");
  } else if (response.ok) {
    location.reload();
  } else {
    say(problemOf(await response.text(), response.status));
  }
};

// Another pass after the same path does not load this document again.
window.addEventListener("hashchange", () => void enter());
void enter();
