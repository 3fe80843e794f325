/** What the server says was wrong. */
export const problemOf = (text: string, status: number): string => {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && "error" in body && typeof body.error === "string") {
      return body.error;
    }
  } catch {
    // Not from our server's own hand.
  }
  return `The page's server answers ${status}.`;
};
