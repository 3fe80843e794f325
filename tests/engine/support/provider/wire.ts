import { asset } from "@pulumi/pulumi";
import structs, { type Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { z } from "zod";

/** What the engine sends for a value that is not known before `up` (Pulumi's sdk/go/common/resource/plugin/rpc.go). */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The key and the value that tell an archive from a plain object (sdk/go/common/resource/sig). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** Of an archive in the state the engine sends the hash alone: its file may be long gone. */
const fileArchive = z.object({
  [SIGNATURE]: z.literal(ARCHIVE),
  hash: z.string(),
  path: z.string().default(""),
});

export type Properties = Readonly<Record<string, unknown>>;

export function isProperties(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The properties of a request; none where it has none. */
export function received(struct: Struct | undefined): Properties {
  const value: unknown = struct?.toJavaScript();
  return isProperties(value) ? value : {};
}

/** Properties as a response carries them: what is undefined is left out. */
export function sent(properties: Properties): Struct {
  return structs.Struct.fromJavaScript(
    z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(properties))),
  );
}

export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** Whether the value is unknown or holds something that is. */
export function holdsUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return isUnknown(value);
  return Object.values(value).some(holdsUnknown);
}

/** The engine's hash of an archive's content, by which alone two archives are told apart. */
export function contentHash(value: unknown): string | undefined {
  return fileArchive.safeParse(value).data?.hash;
}

/** Properties as the program had them: an archive is an object of the SDK's class again. */
export function asProgrammed(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([property, value]) => {
      const archive = fileArchive.safeParse(value).data;
      return [property, archive === undefined ? value : new asset.FileArchive(archive.path)];
    }),
  );
}
