/** Something that the user can put right: the message says what and how, and is shown without a stack trace. */
export class LocalError extends Error {
  override readonly name = "LocalError";
}
