import { OperatorError } from "../operator/errors.ts";

/** Something that the user can put right on this machine. */
export class LocalError extends OperatorError {
  override readonly name = "LocalError";
}
