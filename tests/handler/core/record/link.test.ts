import { describe, expect, it } from "vitest";
import { consoleLink, s3Uri, servedLink } from "../../../../handler/core/record/link.ts";

const place = { bucket: "photos", key: "my holiday/beach+1.jpg" };

describe("links to objects", () => {
  it.each([
    ["eu-central-1", "https://eu-central-1.console.aws.amazon.com"],
    ["cn-north-1", "https://cn-north-1.console.amazonaws.cn"],
    ["us-gov-west-1", "https://us-gov-west-1.console.amazonaws-us-gov.com"],
  ])("open the console of %s", (region, origin) => {
    expect(consoleLink(region, place)).toBe(
      `${origin}/s3/object/photos?region=${region}&prefix=my%20holiday%2Fbeach%2B1.jpg`,
    );
  });

  it("stand below the base URL with the key encoded", () => {
    expect(servedLink("https://img.example.com/v1", place.key)).toBe(
      "https://img.example.com/v1/my%20holiday/beach%2B1.jpg",
    );
  });

  it("name the object as the AWS CLI does", () => {
    expect(s3Uri(place)).toBe("s3://photos/my holiday/beach+1.jpg");
  });
});
