/** A DIMSE status as elements of a response's command set, and back. */
import type { CommandSet } from "./command-set.ts";
import type { DimseStatus } from "./dimse-status.ts";

const errorCommentLength = 64;

export function statusElements(status: DimseStatus): CommandSet {
  return {
    Status: status.status,
    ...(status.offendingElement !== undefined && { OffendingElement: [status.offendingElement] }),
    ...(status.errorComment !== undefined && { ErrorComment: errorComment(status.errorComment) }),
  };
}

export function statusOf(response: CommandSet & { readonly Status: number }): DimseStatus {
  const offendingElement = response.OffendingElement?.[0];
  return {
    status: response.Status,
    ...(response.ErrorComment && { errorComment: response.ErrorComment }),
    ...(offendingElement !== undefined && { offendingElement }),
  };
}

/** LO in the default repertoire: no backslash, no control character, at most 64 characters. */
function errorComment(text: string): string {
  return text.replace(/[^ -[\]-~]/g, "?").slice(0, errorCommentLength);
}
