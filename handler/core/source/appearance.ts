/** How the whole image looks, at a glance. */
export type Appearance = {
  /** The colour that most of it has, as `#rrggbb`; what is transparent counts as white. */
  readonly dominantColour: string;
  /** A data URI of it as a WebP of at most 16 x 16 pixels, to show until a rendition is there. */
  readonly placeholder: string;
  /** ThumbHash of the image (https://evanw.github.io/thumbhash/), some 25 bytes, as base64. */
  readonly thumbHash: string;
};
