import { MAX_KEY_BYTES } from "../object-key.ts";
import { RENDITION_FORMAT_FACTS } from "./format.ts";
import { KEY_HASH_LENGTH } from "./rendition-key.ts";
import { type Variant, variantsOf } from "./sizes.ts";

/** DynamoDB's 400 KB, names and values of an item's attributes together (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html). */
export const MAX_RECORD_BYTES = 409_600;

/**
 * What everything else in a record may take, index attributes included: five tags of 256 characters, which stand in it
 * twice, in 4 bytes each, are 11 KB; key, version and placeholder of a kilobyte each; camera, claims, hashes and times.
 */
const RESERVE_BYTES = 24_576;

/** A number of up to 15 digits: a byte for two, and one (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html). */
const NUMBER_BYTES = 9;

/** The names of what a record says of a rendition, in UTF-8. */
const ENTRY_NAMES_BYTES = "NameKeyFormatWidthHeightSizeBytesSha256".length;

/** A map takes 3 bytes, each of its seven attributes one, and so does the map as an element of a list. */
const ENTRY_OVERHEAD_BYTES = 3 + 7 + 1;

const SHA256_DIGITS = 64;

/** What of a rendition spec decides how much its renditions take in a record. */
type SizedSpec = Parameters<typeof variantsOf>[0] & {
  readonly formats: readonly (keyof typeof RENDITION_FORMAT_FACTS | "auto")[];
  readonly prefix?: string | undefined;
  readonly hashedKeys?: boolean | undefined;
};

/** The name of a rendition's file, as long as it may become. */
const fileBytes = ({ name }: Variant, format: SizedSpec["formats"][number], isHashed: boolean): number =>
  // `auto` becomes png, jpeg or gif, whose extensions are equally long.
  `${name}.${RENDITION_FORMAT_FACTS[format === "auto" ? "png" : format].extension}`.length +
  (isHashed ? KEY_HASH_LENGTH + 1 : 0);

type RecordedFile = { readonly nameBytes: number; readonly fileBytes: number };

const filesOf = (spec: SizedSpec): readonly RecordedFile[] =>
  variantsOf(spec).flatMap((variant) =>
    [...new Set(spec.formats)].map((format) => ({
      nameBytes: variant.name.length,
      fileBytes: fileBytes(variant, format, spec.hashedKeys === true),
    })),
  );

/** A record with these files in it, of the longest original's key that S3 lets all of them have. */
const recordBytes = (files: readonly RecordedFile[]): number => {
  const folderBytes = MAX_KEY_BYTES - Math.max(0, ...files.map((file) => file.fileBytes));
  return files.reduce(
    (sum, { nameBytes, fileBytes }) =>
      sum +
      ENTRY_OVERHEAD_BYTES +
      ENTRY_NAMES_BYTES +
      nameBytes +
      folderBytes +
      fileBytes +
      "webp".length +
      3 * NUMBER_BYTES +
      SHA256_DIGITS,
    RESERVE_BYTES,
  );
};

/**
 * What is wrong with a list of rendition specs whose renditions, of one original under a long key, are more than its
 * record can name: DynamoDB would refuse the record at every try. Specs are for one original where one's prefix begins
 * the other's.
 */
export const recordSizeProblem = (specs: readonly SizedSpec[]): string | undefined => {
  for (const { prefix: longest = "" } of specs) {
    const files = specs.filter(({ prefix = "" }) => longest.startsWith(prefix)).flatMap(filesOf);
    const bytes = recordBytes(files);
    if (bytes > MAX_RECORD_BYTES) {
      const share = (bytes - RESERVE_BYTES) / files.length;
      const most = Math.floor((MAX_RECORD_BYTES - RESERVE_BYTES) / share);
      return (
        `expected at most about ${most} files for one original, got ${files.length}${longest === "" ? "" : ` below ${JSON.stringify(longest)}`}: ` +
        `under a long key its record would have ${bytes.toLocaleString("en")} bytes, of DynamoDB's ${MAX_RECORD_BYTES.toLocaleString("en")}; ` +
        "leave out formats, widths or ratios, or give specs prefixes that do not overlap"
      );
    }
  }
  return undefined;
};
