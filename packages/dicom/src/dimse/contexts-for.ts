/** Which presentation contexts to propose for a set of objects. */
import type { ProposedContext } from "./pdu.ts";

/** Context IDs are the odd numbers of one byte (PS3.8 section 9.3.2.2). */
export const maxContexts = 128;

export type ContextWish = Omit<ProposedContext, "id">;

/**
 * One context for each pair of SOP class and transfer syntax, in order of first appearance: with one transfer syntax each,
 * the peer's choice cannot leave an object without its own. At most 128; the objects of further pairs find no context.
 */
export function contextsFor(
  objects: Iterable<{ readonly sopClassUid: string; readonly transferSyntaxUid: string }>,
): ContextWish[] {
  const wishes = new Map<string, ContextWish>();
  for (const { sopClassUid, transferSyntaxUid } of objects) {
    if (wishes.size === maxContexts) break;
    const wish = { abstractSyntax: sopClassUid, transferSyntaxes: [transferSyntaxUid] };
    wishes.set(`${sopClassUid} ${transferSyntaxUid}`, wish);
  }
  return [...wishes.values()];
}
