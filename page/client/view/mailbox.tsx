import { useEffect } from "preact/hooks";
import type { MailView } from "../../model.ts";
import { imageAddress } from "../place.ts";
import { change, type State } from "../store.ts";
import { dateText } from "../text.ts";

/** Addresses in a mail's text become links, as mail programs make them. */
const linked = (text: string) =>
  text.split(/(https:\/\/\S+)/).map((part) =>
    part.startsWith("https://") ? (
      <a href={part} target="_blank" rel="noreferrer">
        {part}
      </a>
    ) : (
      part
    ),
  );

/** Mails as a person gets them. */
export const Mails = ({ mails }: { readonly mails: readonly MailView[] }) =>
  mails.length === 0 ? (
    <p class="empty">No mail has come.</p>
  ) : (
    <ol class="mails">
      {mails.toReversed().map((mail) => (
        <li key={`${mail.date} ${mail.key} ${mail.subject}`}>
          <article class="mail">
            <header>
              <h3>{mail.subject}</h3>
              <p>
                <span>From: {mail.from}</span>
                <span>To: {mail.to}</span>
                <time dateTime={mail.date}>{dateText(mail.date)}</time>
              </p>
            </header>
            <pre>{linked(mail.body.trimEnd())}</pre>
            {mail.key !== undefined && (
              <p>
                <a href={imageAddress(mail.key)}>See {mail.key}</a>
              </p>
            )}
          </article>
        </li>
      ))}
    </ol>
  );

export const MailboxView = ({ mails, target }: State) => {
  useEffect(() => change((state) => ({ mailsSeen: state.mails.length })), [mails.length]);
  return (
    <>
      <h1 tabIndex={-1}>Mailbox</h1>
      <p class="lead">
        {target?.kind === "stack"
          ? "AWS sends the notices of a stack to its owner's address; this page can't see them."
          : "What the owner gets by e-mail. Nothing leaves this machine."}
      </p>
      {target?.kind !== "stack" && <Mails mails={mails} />}
    </>
  );
};
