import { expect, test } from "vitest";
import { translator } from "./translate.ts";

const translate = translator({
  "It is {}.": "C'est {1}.",
  "It is {} of {} mm.": "C'est {2} mm, en {1}.",
  "a stone": "une pierre",
  "{} Take care (twice).": "{1} Attention (deux fois).",
});

test.each([
  ["It is a stone.", "C'est une pierre."],
  ["It is 3.5 kg.", "C'est 3,5 kg."],
  ["It is CT of 3.25 mm.", "C'est 3,25 mm, en CT."],
  ["It is a stone. Take care (twice).", "C'est une pierre. Attention (deux fois)."],
  ["a stone", "une pierre"],
  ["Nobody knows 3.5 of these.", "Nobody knows 3.5 of these."],
  ["It is not ended", "It is not ended"],
  ["toString", "toString"],
])("%s becomes %s", (english, french) => expect(translate(english)).toBe(french));
