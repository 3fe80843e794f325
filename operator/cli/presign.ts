import { plain } from "../../handler/core/strangers-text.ts";
import { OperatorError } from "../errors.ts";
import { say, sayJson } from "../output.ts";
import { type PresignedUpload, presignUpload } from "../uploads/presign.ts";
import { defined, operatorCommand, runOperatorCommand, wholeNumber } from "./options.ts";

const USAGE = `npm run presign -- KEY --max-bytes N --type TYPE [--min-bytes N] [--expires SECONDS] [--stack NAME] [--json]
Signs a form with which somebody without AWS credentials uploads a file: S3 holds the upload to the key, the size, the
type and the time. KEY is one key, or a prefix with \${filename} behind it, as in 'inbox/\${filename}': then any key that
begins with the prefix. It reaches no watermark. Whoever has the form can use it until it ends: hand it over in private.

  --max-bytes N      largest upload in bytes
  --min-bytes N      smallest upload in bytes; by default 1
  --type TYPE        image/jpeg and the like, or image/* for any image
  --expires SECONDS  how long the form works, up to 604,800; by default 900`;

/** A word of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A command that uses the form; what curl sends after the fields is the file. */
const curlLines = ({ url, fields }: PresignedUpload, type: string): readonly string[] => {
  const lines = [
    "curl --fail-with-body",
    ...Object.entries({
      ...fields,
      ...(type.endsWith("*") ? { "Content-Type": type.replace("*", "jpeg") } : {}),
    }).map(([name, value]) => `  --form-string ${quoted(`${name}=${value}`)}`),
    "  --form 'file=@photo.jpg'",
    `  ${quoted(url)}`,
  ];
  return lines.map((line, at) => (at === lines.length - 1 ? line : `${line} \\`));
};

export const presignCommand = operatorCommand({
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
    if (plain(key) !== key && !values.json) {
      throw new OperatorError("The key has characters that no terminal shows as they are: add --json.");
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
    if (values.json) sayJson(upload);
    else {
      say(
        ...curlLines(upload, values.type),
        "",
        `Works until ${upload.expiresAt}, or until the credentials that signed it end.`,
      );
    }
    return 0;
  },
});

if (import.meta.main) await runOperatorCommand(presignCommand);
