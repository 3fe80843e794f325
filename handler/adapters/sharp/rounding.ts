import type { Pixels } from "./pixels.ts";

/**
 * Makes the corners transparent outside of an ellipse. By bytes, since libvips' drawing would need its SVG loader,
 * which stays shut here. The edge's alpha is its distance from the ellipse, to half a pixel.
 */
export const rounded = (
  { data, size, channels }: Pixels,
  { x, y }: { readonly x: number; readonly y: number },
): Pixels => {
  const cut = Uint8Array.from(data);
  const { width, height } = size;
  for (let row = 0; row < height; row += 1) {
    const fromEdge = Math.min(row, height - 1 - row) + 0.5;
    if (fromEdge >= y) continue;
    const v = (y - fromEdge) / y;
    for (let column = 0; column + 0.5 < x; column += 1) {
      const u = (x - column - 0.5) / x;
      const radius = Math.hypot(u, v);
      // First-order distance to the ellipse: its implicit function over the length of its gradient.
      const distance = radius === 0 ? -1 : ((radius - 1) * radius) / Math.hypot(u / x, v / y);
      const cover = Math.min(1, Math.max(0, 0.5 - distance));
      if (cover === 1) break;
      for (const at of [column, width - 1 - column]) {
        const alpha = (row * width + at + 1) * channels - 1;
        cut[alpha] = Math.round((data[alpha] ?? 0) * cover);
      }
    }
  }
  return { data: cut, size, channels };
};
