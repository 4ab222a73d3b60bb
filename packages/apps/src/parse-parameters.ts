/** Parameters that a person wrote: bounded, parsed by the application's schema, and told what is wrong in that person's language. */
import { canonicalJson, type Json } from "@releve/domain/canonical-json";
import { refusal, type Refusal } from "@releve/domain/refusal";
import { z } from "zod";
import type { Application } from "./application.ts";

export type Language = "en" | "fr";

/** A path of 500 points in full precision; an event holds them, and a job's history is read often. */
export const parametersBytesMax = 32 * 1024;

/** Nobody mends more at once. */
const issuesMax = 5;

const noSuchParameter: Readonly<Record<Language, string>> = {
  en: "there is no such parameter",
  fr: "ce paramètre n'existe pas",
};

/**
 * Defaults are filled in, so that the job's id names them. A key that the schema does not have is refused rather than dropped:
 * the person meant something by it, and the ledger keeps nothing that no schema knows.
 * @returns refused with PARAMETERS_TOO_LARGE or PARAMETERS_INVALID; the reason quotes no value.
 */
export function parseParameters(
  application: Application,
  given: Json,
  language: Language,
): { readonly accepted: Json } | Refusal {
  const bytes = new TextEncoder().encode(canonicalJson(given)).length;
  if (bytes > parametersBytesMax)
    return refusal(
      "PARAMETERS_TOO_LARGE",
      `The parameters take ${bytes} bytes; at most ${parametersBytesMax}.`,
    );
  const locale = language === "fr" ? z.locales.fr() : z.locales.en();
  const parsed = application.parameters.safeParse(given, { error: locale.localeError });
  if (!parsed.success) return invalid(parsed.error.issues.flatMap((issue) => sentencesOf(issue)));
  const unknown = unknownKeys(given, parsed.data);
  if (unknown.length > 0) return invalid(unknown.map((key) => `${key}: ${noSuchParameter[language]}`));
  return { accepted: parsed.data };
}

const invalid = (sentences: readonly string[]): Refusal =>
  refusal("PARAMETERS_INVALID", [...new Set(sentences)].slice(0, issuesMax).join("; "));

type Issue = z.core.$ZodIssue;

/** Of a union the branch that is nearest to what was given: the one with the fewest complaints. */
function sentencesOf(issue: Issue, before: readonly PropertyKey[] = []): readonly string[] {
  const path = [...before, ...issue.path];
  const branches = issue.code === "invalid_union" ? issue.errors : [];
  const choices = choicesOf(branches);
  if (choices.length > 0) return [sentence(path, `${issue.message}: ${choices.join(", ")}`)];
  const [nearest] = branches.toSorted((a, b) => a.length - b.length);
  if (nearest && nearest.length > 0) return nearest.flatMap((one) => sentencesOf(one, path));
  return [sentence(path, issue.message)];
}

const sentence = (path: readonly PropertyKey[], message: string): string =>
  path.length === 0 ? message : `${path.map((key) => String(key)).join(".")}: ${message}`;

/** The values of a union of constants; empty for another one. */
function choicesOf(branches: readonly (readonly Issue[])[]): readonly string[] {
  const values = branches.map(([issue, ...more]) =>
    issue?.code === "invalid_value" && issue.path.length === 0 && more.length === 0
      ? issue.values
      : undefined,
  );
  return values.every((value) => value !== undefined) ? values.flat().map((value) => String(value)) : [];
}

/** Where `given` says something that the parsed value does not hold, as paths. */
function unknownKeys(given: Json | undefined, parsed: Json | undefined, path = ""): readonly string[] {
  if (typeof given !== "object" || given === null || typeof parsed !== "object" || parsed === null) return [];
  const kept = parsed as Readonly<Record<string, Json | undefined>>;
  return Object.entries(given).flatMap(([key, value]) => {
    const at = path === "" ? key : `${path}.${key}`;
    return Object.hasOwn(kept, key) ? unknownKeys(value, kept[key], at) : [shortened(at)];
  });
}

/** A key is free text, too. */
const shortened = (key: string): string => key.replaceAll(/[^\w.-]/g, "?").slice(0, 60);
