import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

const config = new pulumi.Config();
const properties = z.record(z.string(), z.unknown()).parse(config.requireObject("properties"));

class Raw extends pulumi.CustomResource {
  constructor(name: string) {
    super(config.require("type"), name, properties);
  }
}

export const { id } = new Raw("it");
