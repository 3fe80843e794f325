import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { emulatedAws } from "../support/emulated-aws.ts";

const emulated = emulatedAws();

test("objects of any size go through TLS with the emulator's own authority", async () => {
  const { s3 } = emulated.aws;
  await s3.send(new CreateBucketCommand({ Bucket: "sizes" }));
  for (const size of [0, 1, 3 * 1024 ** 2, 20 * 1024 ** 2]) {
    await s3.send(new PutObjectCommand({ Bucket: "sizes", Key: "a", Body: Buffer.alloc(size, 7) }));
    const { ContentLength, Body } = await s3.send(new GetObjectCommand({ Bucket: "sizes", Key: "a" }));
    expect(ContentLength).toBe(size);
    expect((await Body?.transformToByteArray())?.length).toBe(size);
  }
});
