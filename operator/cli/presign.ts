import { OperatorError } from "../errors.ts";
import { type PresignedUpload, presignUpload } from "../presign.ts";
import { defined, operate, wholeNumber } from "./options.ts";

const USAGE = `npm run presign -- KEY --max-bytes N --type TYPE [--min-bytes N] [--expires SECONDS] [--stack NAME] [--json]
Signs a form with which somebody without AWS credentials uploads a file: S3 holds the upload to the key, the size, the
type and the time. KEY may end with \${filename}. Whoever has the form can use it until it ends: hand it over in private.

  --max-bytes N      largest upload in bytes
  --min-bytes N      smallest upload in bytes; by default 1
  --type TYPE        image/jpeg and the like, or image/* for any image
  --expires SECONDS  how long the form works, up to 604,800; by default 900`;

/** A word of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A command that uses the form; what curl sends after the fields is the file. */
const curlCommand = ({ url, fields }: PresignedUpload, type: string): string =>
  [
    "curl --fail-with-body",
    ...Object.entries({
      ...fields,
      ...(type.endsWith("*") ? { "Content-Type": type.replace("*", "jpeg") } : {}),
    }).map(([name, value]) => `  --form-string ${quoted(`${name}=${value}`)}`),
    "  --form 'file=@photo.jpg'",
    `  ${quoted(url)}`,
  ].join(" \\\n");

await operate({
  usage: USAGE,
  takesWords: true,
  options: {
    "max-bytes": { type: "string" },
    "min-bytes": { type: "string" },
    type: { type: "string" },
    expires: { type: "string" },
  },
  run: async (target, values, words) => {
    const [key] = words;
    const maxBytes = wholeNumber("max-bytes", values["max-bytes"], 1);
    if (key === undefined || words.length > 1 || maxBytes === undefined || values.type === undefined) {
      throw new OperatorError(`Expected one KEY, --max-bytes and --type.\n\n${USAGE}`);
    }
    const upload = await presignUpload(target, {
      key,
      maxBytes,
      type: values.type,
      ...defined({
        minBytes: wholeNumber("min-bytes", values["min-bytes"], 0),
        expiresSeconds: wholeNumber("expires", values.expires, 1),
      }),
    });
    console.log(
      values.json
        ? JSON.stringify(upload, undefined, 2)
        : `${curlCommand(upload, values.type)}\n\nWorks until ${upload.expiresAt}, or until the credentials that signed it end.`,
    );
    return 0;
  },
});
