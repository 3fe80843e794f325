/** The answer, or `undefined` when AWS says by one of these error names that the thing does not exist. */
export const unlessAbsent = async <Answer>(
  absentNames: readonly string[],
  request: Promise<Answer>,
): Promise<Answer | undefined> => {
  try {
    return await request;
  } catch (error) {
    if (error instanceof Error && absentNames.includes(error.name)) {
      return undefined;
    }
    throw error;
  }
};
