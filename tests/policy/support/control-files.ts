/** Where a control's file and its test lie, from its name: `s3-bucket-encryption` is `s3/bucket-encryption`. */
export const controlPath = (name: string): string => name.replace("-", "/");
