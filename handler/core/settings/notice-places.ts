import type { RenditionLinks } from "./variables.ts";

export type DigestPlaces = NoticePlaces & {
  readonly sourceBucket: string;
  /** Time zone of the times shown, by its IANA name. */
  readonly timeZone: string;
};

/** Where things are, for the links in a notice. */
export type NoticePlaces = {
  readonly region: string;
  readonly destinationBucket: string;
  readonly links: RenditionLinks;
};
