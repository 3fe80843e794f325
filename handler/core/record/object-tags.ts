import { type AssetIndex, partOf } from "./index.ts";

/**
 * Object tags of an original by their names, which S3 keeps beside it: of every name that is recorded the value, or
 * `undefined` when the original has none.
 */
export type ObjectTags = Readonly<Record<string, string | undefined>>;

/** A name as a part of names in DynamoDB, which allow letters, digits and `_` in all places; no two are alike. */
const token = (name: string): string =>
  name.replaceAll(/[^A-Za-z0-9]/g, (other) => `_${other.charCodeAt(0).toString(16)}`);

/** The index of the records that have a tag: the newest upload of a value is its last. */
export const tagIndex = (name: string): AssetIndex => ({
  name: `ByTag_${token(name)}`,
  partition: `TagShard_${token(name)}`,
  sort: "UploadTime",
  sortType: "S",
  also: [],
});

/** What a record says of tags, with its index attributes; `undefined` where it says nothing. */
export const tagAttributes = (
  imageKey: string,
  tags: ObjectTags,
): Readonly<Record<string, Readonly<Record<string, string>> | string | undefined>> => {
  const set = Object.entries(tags).filter((tag): tag is [string, string] => tag[1] !== undefined);
  return {
    Tags: set.length === 0 ? undefined : Object.fromEntries(set),
    ...Object.fromEntries(
      Object.entries(tags).map(([name, value]) => [
        tagIndex(name).partition,
        value === undefined ? undefined : partOf(value, imageKey),
      ]),
    ),
  };
};

/** No tag of these names. */
export const noTags = (names: readonly string[]): ObjectTags =>
  Object.fromEntries(names.map((name) => [name, undefined]));

/** A tag as people write it, `name=value`; no recorded name has an equals sign. */
export const tagOf = (text: string): { readonly name: string; readonly value: string } => {
  const at = text.indexOf("=");
  return { name: text.slice(0, at), value: text.slice(at + 1) };
};
