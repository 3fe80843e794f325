import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { dynamoDBAssetLibrary } from "../../handler/adapters/dynamodb.ts";
import { PipelineError } from "../../handler/core/errors.ts";
import type { Upload } from "../../handler/core/events/s3-event.ts";
import { resetSequencer } from "../../handler/core/events/sequencer.ts";
import type { Asset } from "../../handler/core/record/asset.ts";
import type { OnDelete } from "../../handler/core/settings/settings.ts";
import type { AssetLibrary } from "../../handler/ports/library.ts";
import { FakePorts } from "../support/fakes.ts";
import { anUpload } from "../support/upload-events.ts";
import { emulatedAws } from "./support/emulated-aws.ts";

/**
 * The asset library in memory, which the tests of the use cases and the model of event orders run over, held against the
 * real one, over the emulator's DynamoDB: whatever is asked of the two, in whichever order, they answer the same.
 */

const TABLE = "assets";
const RUNS = 150;

const emulated = emulatedAws();

beforeAll(async () => {
  await emulated.aws.dynamodb.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "ImageKey", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "ImageKey", AttributeType: "S" }],
    }),
  );
});

/** Places in S3's order, before and after a reset, which may be that of what comes again. */
const place = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("A", "B", "C") },
  { weight: 2, arbitrary: fc.constantFrom("0", "R000000000001A", "R000000000001B", "R0000000000020") },
);
const version = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("v1", "v2") },
  { weight: 1, arbitrary: fc.constant(undefined) },
);

const question = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ ask: fc.constant("receive" as const), place, version, isAgain: fc.boolean() }),
  },
  // The other outcome of one that was accepted, by its number.
  {
    weight: 5,
    arbitrary: fc.record({ ask: fc.constant("record" as const), nth: fc.nat(2), isMade: fc.boolean() }),
  },
  { weight: 4, arbitrary: fc.record({ ask: fc.constant("markNotified" as const), nth: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ ask: fc.constant("noteFailedTry" as const), nth: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ ask: fc.constant("markGivenUp" as const), nth: fc.nat(2) }) },
  { weight: 4, arbitrary: fc.record({ ask: fc.constant("confirm" as const), place, version }) },
  { weight: 2, arbitrary: fc.record({ ask: fc.constant("remove" as const), place }) },
  { weight: 1, arbitrary: fc.record({ ask: fc.constant("reset" as const), at: fc.constantFrom(1, 2) }) },
  { weight: 2, arbitrary: fc.record({ ask: fc.constant("waitingFor" as const), version }) },
);
type Question = typeof question extends fc.Arbitrary<infer Value> ? Value : never;

const uploadAt = (key: string, at: string, versionId: string | undefined): Upload =>
  anUpload({
    key,
    versionId,
    eTag: `etag of ${versionId}`,
    sequencer: at.padEnd(at.startsWith("R") ? 45 : 32, "0"),
  });

const assetOf = (upload: Upload, isMade: boolean): Asset => {
  const outcome = {
    upload,
    processedAt: new Date("2026-11-23T10:00:06.000Z"),
    durationMs: 20,
    specsFingerprint: "fedcba9876543210",
    madeWith: { code: "0123456789abcdef", sharp: "0.35.5", libvips: "8.18.7" },
  };
  if (!isMade) {
    return {
      ...outcome,
      state: "FAILED",
      image: undefined,
      reason: new PipelineError("SOURCE_ARCHIVED", "It is archived."),
    };
  }
  return {
    ...outcome,
    state: "PROCESSED",
    image: { format: "png", width: 40, height: 30, pages: 1, hasAlpha: false },
    appearance: { dominantColour: "#336699", placeholder: "data:image/webp;base64,AAAA", thumbHash: "AAAA" },
    renditions: [
      {
        name: "card",
        key: `${upload.key}/card ${upload.versionId}.webp`,
        format: "webp",
        width: 40,
        height: 30,
        sizeBytes: 900,
        sha256: "r1",
      },
    ],
    transformMs: 10,
    sha256: "o1",
  };
};

const codeOf = (error: unknown): string => {
  if (error instanceof PipelineError) return error.code;
  throw error;
};

/** What a library answers to each question, in turn. */
const answersOf = async (
  library: AssetLibrary,
  key: string,
  questions: readonly Question[],
): Promise<readonly unknown[]> => {
  const accepted: Upload[] = [];
  const answers: unknown[] = [];
  for (const asked of questions) {
    switch (asked.ask) {
      case "receive": {
        const upload = uploadAt(key, asked.place, asked.version);
        const receipt = await library.receive(upload, asked.isAgain).catch(codeOf);
        if (typeof receipt === "object" && receipt.outcome === "accepted") accepted.push(upload);
        answers.push(receipt);
        break;
      }
      case "record":
      case "markNotified": {
        const upload = accepted[asked.nth % Math.max(1, accepted.length)];
        if (upload === undefined) break;
        answers.push(
          asked.ask === "record"
            ? await library.record(assetOf(upload, asked.isMade))
            : await library.markNotified(upload, new Date("2026-11-23T10:00:07.000Z")),
        );
        break;
      }
      case "noteFailedTry":
      case "markGivenUp": {
        const upload = accepted[asked.nth % Math.max(1, accepted.length)];
        if (upload === undefined) break;
        const triedAt = new Date("2026-11-23T10:00:07.000Z");
        answers.push(
          asked.ask === "noteFailedTry"
            ? await library.noteFailedTry(upload, { code: "READ_FAILED", sentence: "It failed." }, triedAt)
            : await library.markGivenUp(upload, triedAt),
        );
        break;
      }
      case "confirm":
        answers.push(await library.confirm(uploadAt(key, asked.place, asked.version)));
        break;
      case "remove": {
        const { bucket, sequencer } = uploadAt(key, asked.place, undefined);
        answers.push(await library.remove({ bucket, key, sequencer, removedAt: "2026-11-24T10:00:00.000Z" }));
        break;
      }
      case "reset":
        answers.push(await library.reset(key, resetSequencer(new Date(asked.at))));
        break;
      case "waitingFor":
        answers.push(
          await library.waitingFor({
            ...uploadAt(key, "A", asked.version),
            restoredAt: "2026-11-25T10:00:00.000Z",
          }),
        );
        break;
      default:
        return asked satisfies never;
    }
  }
  return answers;
};

test("the library in memory answers as the one in DynamoDB does, whatever is asked of them", async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<OnDelete>("keep", "remove"),
      fc.array(question, { minLength: 4, maxLength: 24, size: "max" }),
      async (onDelete, questions) => {
        runs += 1;
        const key = `run ${runs}.jpg`;
        const real = dynamoDBAssetLibrary(emulated.aws.dynamodb, {
          table: TABLE,
          destinationBucket: "renditions",
          onDelete,
        });
        const expected = await answersOf(real, key, questions);
        expect(await answersOf(new FakePorts().ports.library, key, questions)).toEqual(expected);
      },
    ),
    { numRuns: RUNS },
  );
});
