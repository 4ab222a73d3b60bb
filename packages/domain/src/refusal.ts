/**
 * The domain says no: a value that the caller must handle, never an exception.
 * `code` is stable and upper case; `reason` is one English sentence for a person, without patient data.
 */
export type Refusal = { readonly refused: string; readonly reason: string };

export function refusal(code: string, reason: string): Refusal {
  return { refused: code, reason };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === "object" && value !== null && "refused" in value;
}
