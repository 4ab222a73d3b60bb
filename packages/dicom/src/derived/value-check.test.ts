import { expect, test } from "vitest";
import { isWritable } from "./value-check.ts";

test.each([
  ["CS", "HEAD"],
  ["DA", "20240229"],
  ["DS", "-1.5e-3"],
  ["IS", "-12"],
  ["LO", "Hôpital Saint-Antoine"],
  ["LO", "é".repeat(64)],
  ["LT", "two\r\nlines\\and a backslash"],
  ["PN", "Yamada^Tarou=山田^太郎=やまだ^たろう"],
  ["TM", "235959.123456"],
  ["UI", "1.2.840.10008.1.2"],
])("%s may be %s", (vr, value) => {
  expect(isWritable(vr, value)).toBe(true);
});

test.each([
  ["CS", "head"],
  ["CS", "SEVENTEEN_LETTERS"],
  ["DA", "20230229"],
  ["DA", "2023.02.28"],
  ["DS", "12345678901234567"],
  ["DS", "0x10"],
  ["IS", "2147483648"],
  ["IS", "1.0"],
  ["LO", "a\\b"],
  ["LO", "x".repeat(65)],
  ["LO", "not decoded \ufffd"],
  ["LO", "escape \u001b$B"],
  ["PN", "a=b=c=d"],
  ["PN", "1^2^3^4^5^6"],
  ["SH", "x".repeat(17)],
  ["TM", "24"],
  ["UI", "1.02.3"],
])("%s may not be %s", (vr, value) => {
  expect(isWritable(vr, value)).toBe(false);
});
