import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

const properties = z.record(z.string(), z.unknown()).parse(new pulumi.Config().requireObject("properties"));

class RawQueue extends pulumi.CustomResource {
  constructor(name: string) {
    super("aws:sqs/queue:Queue", name, properties);
  }
}
const queue = new RawQueue("queue");

export const id = queue.id;
