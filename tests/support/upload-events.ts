import type { Upload } from "../../handler/core/events/s3-event.ts";

/** An upload as the handler knows it. */
export const anUpload = (overrides: Partial<Upload> = {}): Upload => ({
  bucket: "source-bucket",
  key: "holiday/beach.jpg",
  sizeBytes: 4_000,
  eTag: "0123456789abcdef0123456789abcdef",
  versionId: "v1",
  sequencer: "0055AED6DCD90281E500000000000000",
  uploadTime: "2026-11-23T10:00:00.000Z",
  ...overrides,
});

/** A key as S3 writes it in an event: percent-encoded but for slashes, spaces as plus signs. */
export const encodedKey = (key: string): string =>
  encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/");

type RecordOverrides = {
  readonly eventName?: string;
  readonly eventVersion?: string;
  readonly eventSource?: string;
  readonly eventTime?: string;
  readonly bucket?: string;
  /** Fields of `s3.object`, over those of a complete one; `undefined` leaves one out. */
  readonly object?: Readonly<Record<string, unknown>>;
};

/** One record of an S3 event notification, complete as AWS documents it. */
export const s3Record = ({
  eventName = "ObjectCreated:Put",
  eventVersion = "2.1",
  eventSource = "aws:s3",
  eventTime = "2026-11-23T10:00:00.000Z",
  bucket = "source-bucket",
  object = {},
}: RecordOverrides = {}) => ({
  eventVersion,
  eventSource,
  awsRegion: "eu-central-1",
  eventTime,
  eventName,
  userIdentity: { principalId: "AWS:EXAMPLE" },
  requestParameters: { sourceIPAddress: "127.0.0.1" },
  responseElements: { "x-amz-request-id": "EXAMPLE", "x-amz-id-2": "EXAMPLE" },
  s3: {
    s3SchemaVersion: "1.0",
    configurationId: "ingest",
    bucket: { name: bucket, ownerIdentity: { principalId: "EXAMPLE" }, arn: `arn:aws:s3:::${bucket}` },
    object: {
      key: "holiday/beach.jpg",
      size: 4_000,
      eTag: "0123456789abcdef0123456789abcdef",
      versionId: "v1",
      sequencer: "0055AED6DCD90281E5",
      ...object,
    },
  },
});

/** The record that S3 would send for an upload, whose sequencer S3 does not pad. */
export const s3RecordOf = ({ bucket, key, sizeBytes, eTag, versionId, sequencer, uploadTime }: Upload) =>
  s3Record({
    bucket,
    eventTime: uploadTime,
    object: { key: encodedKey(key), size: sizeBytes, eTag, versionId, sequencer: sequencer.slice(0, 20) },
  });

export const notificationBody = (...records: readonly unknown[]): string =>
  JSON.stringify({ Records: records });

/** What S3 sends when a bucket's notifications are set up. */
export const testEventBody = (): string =>
  JSON.stringify({
    Service: "Amazon S3",
    Event: "s3:TestEvent",
    Time: "2026-11-23T09:00:00.000Z",
    Bucket: "source-bucket",
    RequestId: "EXAMPLE",
    HostId: "EXAMPLE",
  });

/** The event of an SQS event source mapping, one message a body; ids are `message-1` and so on. */
export const sqsEvent = (bodies: readonly string[], receiveCount = 1) => ({
  Records: bodies.map((body, index) => ({
    messageId: `message-${index + 1}`,
    receiptHandle: "EXAMPLE",
    body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: "1732356000000",
      SenderId: "EXAMPLE",
      ApproximateFirstReceiveTimestamp: "1732356000000",
    },
    messageAttributes: {},
    md5OfBody: "EXAMPLE",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:eu-central-1:123456789012:ingest",
    awsRegion: "eu-central-1",
  })),
});
