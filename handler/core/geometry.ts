/** Pixels; both at least 1. */
export type Size = { readonly width: number; readonly height: number };

/** The left upper corner of a cut. */
export type Corner = { readonly left: number; readonly top: number };

/** What is left of an upright image without edges of one colour. */
export type Content = Corner & Size & { readonly threshold: number };
