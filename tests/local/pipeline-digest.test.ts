import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { GetScheduleCommand, UpdateScheduleCommand } from "@aws-sdk/client-scheduler";
import { expect, test, vi } from "vitest";
import { sizeText } from "../../handler/core/byte-size.ts";
import { saving } from "../../handler/core/notice/text.ts";
import type { Mail } from "../../local/start/mailbox.ts";
import { OUTCOME_TIMEOUT_MS } from "./support/emulated-aws.ts";
import { localPipeline } from "./support/local-pipeline.ts";
import { gradient } from "./support/test-images.ts";

// A digest waits for what is being recorded, so each takes twenty seconds.
vi.setConfig({ testTimeout: 2 * OUTCOME_TIMEOUT_MS });

const local = localPipeline({ settings: { notices: "digest" } });

const NAME = "image-pipeline-local-digest";

/** So many mails in all, once they have come. */
const mailsOnceThere = async (count: number): Promise<readonly Mail[]> => {
  const mails: Mail[] = [];
  for await (const mail of local.pipeline.mailbox.mails(AbortSignal.timeout(OUTCOME_TIMEOUT_MS))) {
    mails.push(mail);
    if (mails.length === count) break;
  }
  return mails;
};

const image = (width: number): Promise<Buffer> => gradient(width, 200).jpeg().toBuffer();

/** Uploads, and waits until what became of it is recorded and entered. */
const upload = async (key: string, bytes: Uint8Array) => {
  const uploaded = await local.pipeline.upload(bytes, key);
  return local.pipeline.waitForRecord(uploaded, OUTCOME_TIMEOUT_MS);
};

const entered = async (): Promise<number> => {
  const { Items = [] } = await local.pipeline.aws.dynamodb.send(new ScanCommand({ TableName: NAME }));
  return Items.filter(({ Part }) => Part !== undefined).length;
};

const enteredOnceThere = (count: number) =>
  vi.waitFor(async () => expect(await entered()).toBe(count), { timeout: OUTCOME_TIMEOUT_MS, interval: 50 });

/** What the function says, called as the schedule calls it. */
const digest = async (due: Date): Promise<unknown> => {
  const { FunctionError, Payload } = await local.pipeline.aws.lambda.send(
    new InvokeCommand({ FunctionName: NAME, Payload: JSON.stringify({ scheduledTime: due.toISOString() }) }),
  );
  const answer: unknown = JSON.parse(new TextDecoder().decode(Payload));
  if (FunctionError !== undefined) throw new Error(JSON.stringify(answer));
  return answer;
};

const timeText = (time: Date): string => `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;

let mailedUntil: Date;

test("one mail tells of all uploads, though the schedule fires twice at once, and again", async () => {
  const { pipeline } = local;
  const records = [
    await upload("warm-up.png", await gradient(20, 20).png().toBuffer()),
    await upload("holiday/beach.jpg", await image(640)),
    // The one before is not forgotten when another takes its place.
    await upload("holiday/beach.jpg", await image(660)),
  ];
  await upload("notes.jpg", Buffer.from("no image"));
  await upload("empty.png", new Uint8Array());
  await upload("more notes.jpg", Buffer.from("no image either"));
  await pipeline.aws.s3.send(
    new DeleteObjectCommand({ Bucket: pipeline.outputs.sourceBucket, Key: "empty.png" }),
  );
  // Those, the deletion, and the upload that warmed the function.
  await enteredOnceThere(8);
  const [warmUp = 0, ...others] = records.map(({ SizeBytes }) => SizeBytes);
  const bytesIn = 2 * warmUp + others.reduce((sum, bytes) => sum + bytes, 0);
  const [warmUpOut = 0, ...othersOut] = records.map(({ Renditions = [] }) =>
    Renditions.reduce((sum, { SizeBytes }) => sum + SizeBytes, 0),
  );
  const bytesOut = 2 * warmUpOut + othersOut.reduce((sum, bytes) => sum + bytes, 0);

  const due = new Date();
  mailedUntil = due;
  const answers = await Promise.all([digest(due), digest(due)]);
  answers.push(await digest(due));
  const mailed = {
    outcome: "mailed",
    from: expect.any(String),
    to: due.toISOString(),
    processed: 4,
    failed: 3,
    deleted: 1,
  };
  expect(answers).toEqual(
    expect.arrayContaining([mailed, { outcome: "mailed before" }, { outcome: "mailed before" }]),
  );
  const [mail] = await mailsOnceThere(1);
  const [from = ""] = /(?<=^From )\S+ \S+ UTC/.exec(mail?.body ?? "") ?? [];
  expect(Date.parse(from.replace(" UTC", "Z"))).toBeGreaterThan(due.getTime() - 10 * 60_000);
  expect({ subject: mail?.subject, body: mail?.body, attributes: mail?.attributes }).toEqual({
    subject: "Image Digest: 4 processed, 3 not",
    body: [
      `From ${from} to ${timeText(due)}`,
      "",
      "Processed: 4",
      `${sizeText(bytesIn)} of originals, ${sizeText(bytesOut)} of renditions, ${saving(bytesIn, bytesOut)}`,
      `s3://${pipeline.outputs.destinationBucket}/`,
      "",
      "Not processed: 3",
      "",
      "Deleted: 1",
      "",
      "Why, and what to do",
      "",
      "UNSUPPORTED_FORMAT: 2",
      "Save the picture as one of jpeg, png, webp, gif, avif, tiff, and upload it again.",
      "",
      '"notes.jpg"',
      `s3://${pipeline.outputs.sourceBucket}/notes.jpg`,
      "",
      '"more notes.jpg"',
      `s3://${pipeline.outputs.sourceBucket}/more notes.jpg`,
      "",
      "EMPTY_OBJECT: 1",
      "The file has no content. Upload it again, and check it before you do.",
      "",
      '"empty.png"',
      `s3://${pipeline.outputs.sourceBucket}/empty.png`,
      "",
    ].join("\n"),
    attributes: { state: "DIGEST", processed: "4", failed: "3", deleted: "1" },
  });
});

test("the schedule itself has the next one sent, which tells what came since, and no more", async () => {
  const { scheduler } = local.pipeline.aws;
  await upload("later.jpg", await image(300));
  await enteredOnceThere(9);
  const place = { Name: NAME, GroupName: "image-pipeline-local" };
  const { Target, FlexibleTimeWindow } = await scheduler.send(new GetScheduleCommand(place));
  const due = new Date(Math.ceil(Date.now() / 1000) * 1000 + 2000);
  await scheduler.send(
    new UpdateScheduleCommand({
      ...place,
      Target,
      FlexibleTimeWindow,
      ScheduleExpression: `at(${due.toLocaleString("sv", { timeZone: "Asia/Tokyo" }).replace(" ", "T")})`,
      ScheduleExpressionTimezone: "Asia/Tokyo",
    }),
  );
  const [, next] = await mailsOnceThere(2);
  expect(next?.subject).toBe("Image Digest: 1 processed, 0 not");
  expect(next?.body.split("\n")[0]).toBe(`From ${timeText(mailedUntil)} to ${timeText(due)}`);
  expect(next?.attributes).toEqual({ state: "DIGEST", processed: "1", failed: "0", deleted: "0" });
});
