/** Real and synthetic DICOM with known answers that may lie beside a checkout. Tests use it when it is there and pass without it. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../../shared/data/", import.meta.url));

/** The folder's absolute path, or undefined where it is absent. */
export function sharedData(folder: string): string | undefined {
  const path = `${root}${folder}`;
  return existsSync(path) ? path : undefined;
}
