import { options } from "preact";
import { plain, plainLines } from "../../handler/core/strangers-text.ts";

/** Attributes that are read to people. */
const SPOKEN = ["alt", "aria-label", "label", "placeholder", "title"] as const;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const spoken = (props: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    SPOKEN.flatMap((name) => {
      const text = props[name];
      return typeof text === "string" ? [[name, plain(text)]] : [];
    }),
  );

/**
 * Makes all text of the page plain, in whatever view it stands: Preact escapes what would be markup, but keys and
 * metadata may also turn text around or hide a part of it. What a form holds stays as it is.
 */
export const showPlainText = (): void => {
  options.vnode = (node: { readonly type: unknown; props: unknown }): void => {
    // A text is a node without a type.
    if (typeof node.props === "string") node.props = plainLines(node.props);
    else if (typeof node.type === "string" && isObject(node.props)) {
      node.props = { ...node.props, ...spoken(node.props) };
    }
  };
};
