import { render } from "preact";
import { pastedFiles } from "./files.ts";
import { takePass } from "./pass.ts";
import { placeOf } from "./place.ts";
import { showPlainText } from "./plain-text.ts";
import { hear, upload } from "./server.ts";
import { change, currentState, listen } from "./store.ts";
import { restoreTheme } from "./theme.ts";
import { Page } from "./view/page.tsx";

const root = document.getElementById("page");
if (root === null) {
  throw new Error("The page has lost its place.");
}
root.replaceChildren();
const show = () => render(<Page {...currentState()} />, root);

listen(show);
window.addEventListener("hashchange", () => {
  takePass();
  change(() => ({ place: placeOf(location.hash) }));
  // A new view is read from its heading on.
  queueMicrotask(() => document.querySelector("h1")?.focus());
  window.scrollTo(0, 0);
});
window.addEventListener("paste", ({ clipboardData, target }) => {
  const isText = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  if (clipboardData !== null && !isText && currentState().target?.isReadOnly === false) {
    for (const { file, key } of pastedFiles(clipboardData.files)) {
      upload(file, key);
    }
  }
});
// The address was opened again by a browser that is in.
takePass();
restoreTheme();
showPlainText();
hear();
show();
