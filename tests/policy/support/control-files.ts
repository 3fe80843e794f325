/** The path of a control's file and test: `s3/bucket-encryption` for `s3-bucket-encryption`. */
export const controlPath = (name: string): string => name.replace("-", "/");
