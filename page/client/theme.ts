import { change } from "./store.ts";

/** Where a person's choice is kept; the page's address, and with it the choice, may change from start to start. */
const KEY = "theme";

type Theme = "light" | "dark";

/** The colours shown: the person's choice, or else the system's. */
export const currentTheme = (): Theme => {
  const chosen = document.documentElement.dataset["theme"];
  const isDark =
    chosen === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : chosen === "dark";
  return isDark ? "dark" : "light";
};

const setTheme = (theme: Theme): void => {
  document.documentElement.dataset["theme"] = theme;
};

export const turnTheme = (): void => {
  const theme = currentTheme() === "dark" ? "light" : "dark";
  setTheme(theme);
  localStorage.setItem(KEY, theme);
  change(() => ({}));
};

/** Shows the colours that were chosen the last time. */
export const restoreTheme = (): void => {
  const chosen = localStorage.getItem(KEY);
  if (chosen === "light" || chosen === "dark") {
    setTheme(chosen);
  }
};
