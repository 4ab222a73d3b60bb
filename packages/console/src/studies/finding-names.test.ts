import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { findingName } from "./finding-names.ts";

const series = fileURLToPath(new URL("../../../dicom/src/series/", import.meta.url));

/** As the splitter writes them: the first argument of `finding`, or the code of a trait that divides a series. */
const written = globSync(`${series}*.ts`)
  .filter((file) => !file.includes(".test."))
  .flatMap((file) => [...readFileSync(file, "utf8").matchAll(/(?:finding\(\s*|^\s+code: )"([A-Z_]+)"/gm)])
  .map(([, code]) => code!);

test("every finding of a volume has a name in both languages", () => {
  expect(written.length).toBeGreaterThan(10);
  expect(
    written.filter((code) => findingName(code, "en") === code || findingName(code, "fr") === code),
  ).toEqual([]);
  expect(findingName("NOBODY_KNOWS", "fr")).toBe("NOBODY_KNOWS");
});
