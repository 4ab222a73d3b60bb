/** Replaces one piece of a source file of the product at the moment at which Node loads it. */
import { registerHooks, type ModuleSource } from "node:module";
import { pathToFileURL } from "node:url";
import { pathOf, type Mutant } from "./mutant.ts";

/** @throws Error from the import when the text is not in the file exactly once: then the mutant says nothing. */
export function mutateWhileLoading(mutant: Mutant): void {
  const url = pathToFileURL(pathOf(mutant)).href;
  registerHooks({
    load: (loaded, context, nextLoad) => {
      const result = nextLoad(loaded, context);
      if (loaded !== url) return result;
      return { ...result, source: mutated(mutant, textOf(result.source)) };
    },
  });
}

function mutated({ name, text, replacement }: Mutant, source: string): string {
  const parts = source.split(text);
  if (parts.length !== 2)
    throw new Error(`mutant ${name}: its text is ${parts.length - 1} times in its file`);
  return parts.join(replacement);
}

const textOf = (source: ModuleSource | undefined | null): string =>
  typeof source === "string" ? source : new TextDecoder().decode(source ?? undefined);
