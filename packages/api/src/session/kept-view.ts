/** What the ledger keeps of a session's view: which volume it shows, and how. */
import type { Json } from "@releve/domain/canonical-json";
import type { Digest } from "@releve/domain/ids";
import { viewStateSchema, type ViewState } from "@releve/wire/session/view-state";
import { z } from "zod";

const keptViewSchema = z.object({
  plan: z.string().regex(/^[0-9a-f]{64}$/),
  state: viewStateSchema.nullable(),
});

export type KeptView = { readonly plan: Digest; readonly state: ViewState | null };

/** Through JSON, which has no undefined: what is kept is what was read back. */
export const toKept = (view: KeptView): Json => JSON.parse(JSON.stringify(view)) as Json;

/** @returns undefined for a view that this version did not write: the session then cannot be shown here. */
export function fromKept(view: Json): KeptView | undefined {
  const parsed = keptViewSchema.safeParse(view);
  return parsed.success ? { plan: parsed.data.plan as Digest, state: parsed.data.state } : undefined;
}
