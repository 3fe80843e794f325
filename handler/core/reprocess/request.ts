import * as z from "zod";
import { ASSET_STATES, INDEXED_FORMATS } from "../record/index.ts";
import type { Selection } from "./selection.ts";

/** What a whole run of reprocesses has in common. */
export type ReprocessRequest = {
  /** When the run began: an original is processed once in a run, however often it is asked for. */
  readonly run: Date;
  readonly selection: Selection;
  /** Send notices of the new outcomes. */
  readonly notify: boolean;
};

const flag = z.literal("true").optional();

/** All of them are text: S3 Batch Operations hands them on so, up to 10 of up to 1,024 characters. */
const requestArguments = z.strictObject({
  run: z.iso.datetime(),
  notify: flag,
  prefix: z.string().min(1).optional(),
  state: z.enum(ASSET_STATES).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  format: z.enum(INDEXED_FORMATS).optional(),
  tag: z
    .string()
    .regex(/^[^=]+=/, "expected a tag as name=value")
    .optional(),
  specsChanged: flag,
  missing: flag,
});

/** The text that S3 Batch Operations hands on at most in one argument (https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_LambdaInvokeOperation.html). */
export const MAX_ARGUMENT_LENGTH = 1024;

/** A request as arguments of a function that S3 Batch Operations invokes. */
export const argumentsOf = ({ run, selection, notify }: ReprocessRequest): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries({ run: run.toISOString(), notify, ...selection }).flatMap(([name, value]) =>
      value === undefined || value === false || value === "" ? [] : [[name, String(value)]],
    ),
  );

/** Reads `argumentsOf` back. @throws {z.ZodError} when it is something else */
export const reprocessRequest = requestArguments.transform(
  ({ run, notify, specsChanged, missing, ...criteria }): ReprocessRequest => ({
    run: new Date(run),
    notify: notify !== undefined,
    selection: {
      ...Object.fromEntries(Object.entries(criteria).filter(([, value]) => value !== undefined)),
      ...(specsChanged === undefined ? {} : { specsChanged: true }),
      ...(missing === undefined ? {} : { missing: true }),
    },
  }),
);
