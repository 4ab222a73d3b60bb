/** A bug that somebody could have written: one piece of text in one file of the product, and what would stand there then. */
import { fileURLToPath } from "node:url";

export type Mutant = {
  readonly name: string;
  /** Path from the repository's `packages` folder. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly text: string;
  readonly replacement: string;
  /** What a reviewer should learn from it. */
  readonly lesson: string;
};

export const pathOf = ({ file }: Pick<Mutant, "file">): string =>
  fileURLToPath(new URL(`../../../${file}`, import.meta.url));
