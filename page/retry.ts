import { CopyObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import type { DeployedPipeline } from "../operator/uploads/deployed-pipeline.ts";
import type { UploadedObject } from "../operator/uploads/upload-object.ts";

const sourceOf = (bucket: string, key: string, versionId: string | undefined): string =>
  `${bucket}/${key.split("/").map(encodeURIComponent).join("/")}${versionId === undefined ? "" : `?versionId=${encodeURIComponent(versionId)}`}`;

/**
 * Uploads an original again, by a copy of it onto itself inside S3: a new version, a new event, and the whole way from
 * its beginning. Its content type, metadata and tags stay.
 */
export const uploadAgain = async (
  { aws, outputs }: DeployedPipeline,
  key: string,
  versionId: string | undefined,
): Promise<UploadedObject> => {
  const Bucket = outputs.sourceBucket;
  const { ContentType, Metadata } = await aws.s3.send(
    new HeadObjectCommand({ Bucket, Key: key, VersionId: versionId }),
  );
  const { VersionId } = await aws.s3.send(
    new CopyObjectCommand({
      Bucket,
      Key: key,
      CopySource: sourceOf(Bucket, key, versionId),
      // S3 refuses a copy onto itself that changes nothing.
      MetadataDirective: "REPLACE",
      ContentType,
      Metadata,
    }),
  );
  return { key, versionId: VersionId };
};
