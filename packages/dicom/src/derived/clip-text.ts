/** Text for an element of limited length, counted in characters as PS3.5 does. */
export function clipText(text: string, maxCharacters: number): string {
  return Array.from(text).slice(0, maxCharacters).join("");
}
