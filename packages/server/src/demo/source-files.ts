/** The files of a folder, or the generated phantom. */
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { Fault } from "@releve/domain/fault";
import { fileAt, type SourceFile } from "./send-study.ts";

/** A hospital's export is thousands; more than this is a wrong folder, such as the root of a disk. */
const filesMax = 200_000;

/** Every regular file below `folder`, in the order of their names. @throws Fault FOLDER_UNREADABLE, FOLDER_EMPTY, FOLDER_TOO_LARGE. */
export async function folderFiles(folder: string): Promise<SourceFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new Fault("FOLDER_UNREADABLE", `${folder} cannot be read as a folder`, "never", cause);
  });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  if (paths.length === 0) throw new Fault("FOLDER_EMPTY", `${folder} holds no file`, "never");
  if (paths.length > filesMax)
    throw new Fault("FOLDER_TOO_LARGE", `${folder} holds more than ${filesMax} files`, "never");
  return paths.toSorted().map((path) => fileAt(path, relative(folder, path)));
}

export function generatedFiles(
  files: readonly { readonly fileName: string; readonly bytes: Uint8Array }[],
): SourceFile[] {
  return files.map(({ fileName, bytes }) => ({ name: fileName, read: async () => bytes }));
}
