/** A file with the key that it gets: its path below what was dropped or picked. */
export type PickedFile = {
  readonly file: File;
  readonly key: string;
};

const isHidden = (name: string): boolean => name.startsWith(".");

const isFileEntry = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolderEntry = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });

/** A reader gives its entries in parts, the last of which is empty. */
const entriesOf = async (folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> => {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (part.length === 0) {
      return entries;
    }
    entries.push(...part);
  }
};

const filesBelow = async (entry: FileSystemEntry): Promise<PickedFile[]> => {
  if (isHidden(entry.name)) {
    return [];
  }
  if (isFileEntry(entry)) {
    return [{ file: await fileOf(entry), key: entry.fullPath.replace(/^\//, "") }];
  }
  return isFolderEntry(entry) ? (await Promise.all((await entriesOf(entry)).map(filesBelow))).flat() : [];
};

/** Everything that was dropped, folders with all that is in them. */
export const droppedFiles = async (transfer: DataTransfer): Promise<PickedFile[]> => {
  // The list is empty as soon as this function has waited for anything.
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry());
  const loose = [...transfer.files].map((file) => ({ file, key: file.name }));
  const known = entries.filter((entry) => entry !== null);
  return known.length < items.length ? loose : (await Promise.all(known.map(filesBelow))).flat();
};

/** What was chosen in a dialog; of a folder, with the path below it. */
export const chosenFiles = (files: FileList): PickedFile[] =>
  [...files]
    .filter(({ name }) => !isHidden(name))
    .map((file) => ({ file, key: file.webkitRelativePath || file.name }));

/** What was pasted: browsers call every picture of the clipboard `image.png`. */
export const pastedFiles = (files: FileList, now = new Date()): PickedFile[] =>
  [...files].map((file, index) => {
    const time = now.toISOString().slice(0, 19).replaceAll(":", "-");
    const name = file.name === "image.png" ? `${time}${index === 0 ? "" : `-${index}`}.png` : file.name;
    return { file, key: `pasted/${name}` };
  });
