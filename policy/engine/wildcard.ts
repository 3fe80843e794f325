/**
 * IAM patterns: `*` matches any characters, including none; `?` matches exactly one.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */

export const hasWildcard = (pattern: string): boolean => /[*?]/.test(pattern);

/**
 * @param options.ignoreCase set for action names, which IAM compares case-insensitively. @default false
 */
export const globMatches = (
  pattern: string,
  text: string,
  options: { ignoreCase?: boolean } = {},
): boolean =>
  options.ignoreCase === true
    ? matchFrom(pattern.toLowerCase(), text.toLowerCase())
    : matchFrom(pattern, text);

/**
 * Does `wider` match everything that `narrower` matches? A `*` in `narrower` counts as a character that only a `*` of
 * `wider` matches, and a `?` as one that `*` or `?` matches. So a rare pair such as `?*` and `*?` returns false.
 */
export const globCovers = (wider: string, narrower: string): boolean =>
  matchFrom(wider, narrower.replaceAll("*", ANY_RUN).replaceAll("?", ANY_ONE));

/** Is there a text that both patterns match? */
export const globsOverlap = (a: string, b: string): boolean => {
  if (!hasWildcard(a)) return globMatches(b, a);
  if (!hasWildcard(b)) return globMatches(a, b);
  // reachable[j]: some text matches both the part of `a` read so far and b[0..j].
  let reachable = closeOverStars(
    Array.from({ length: b.length + 1 }, (_, j) => j === 0),
    b,
  );
  for (const char of a) {
    const next = Array.from({ length: b.length + 1 }, () => false);
    for (let j = 0; j <= b.length; j++) {
      if (reachable[j] !== true) continue;
      if (char === "*") {
        // This `*` can match nothing, or any part of the rest of `b`.
        next.fill(true, j);
        break;
      }
      const other = b[j];
      if (other === "*") next[j] = true;
      else if (other !== undefined && (other === char || other === "?" || char === "?")) next[j + 1] = true;
    }
    reachable = closeOverStars(next, b);
  }
  return reachable[b.length] === true;
};

/** Does the pattern match every ARN, even if it is not written as `*`: `arn:*`, `arn:aws:*:*:*:*`? */
export const isEffectivelyStar = (arnPattern: string): boolean => globCovers(arnPattern, "arn:aws:*:*:*:*");

const ANY_RUN = "\u0000";
const ANY_ONE = "\u0001";

const closeOverStars = (reachable: boolean[], pattern: string): boolean[] => {
  for (let j = 0; j < pattern.length; j++) {
    if (reachable[j] === true && pattern[j] === "*") reachable[j + 1] = true;
  }
  return reachable;
};

// Two pointers and the position of the last `*`: linear in practice, with no regular expression built from input.
const matchFrom = (pattern: string, text: string): boolean => {
  let p = 0;
  let t = 0;
  let star = -1;
  let resumeAt = 0;
  while (t < text.length) {
    const char = pattern[p];
    if (char === "*") {
      star = p++;
      resumeAt = t;
    } else if (char !== undefined && (char === text[t] || (char === "?" && text[t] !== ANY_RUN))) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resumeAt;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
};
