import { expect, test } from "vitest";
import { derivedUid, isUid, uuidV5, type Uuid } from "./ids.ts";

test("uuidV5 gives the UUID that RFC 9562 appendix A.4 prints", () => {
  const dnsNamespace = "6ba7b810-9dad-11d1-80b4-00c04fd430c8" as Uuid;
  expect(uuidV5(dnsNamespace, "www.example.com")).toBe("2ed6657d-e927-568b-95e1-2665a8aea6a2");
});

test("a derived UID is a valid UID and depends on its name only", () => {
  expect(isUid(derivedUid("job 1"))).toBe(true);
  expect(derivedUid("job 1")).toBe(derivedUid("job 1"));
  expect(derivedUid("job 1")).not.toBe(derivedUid("job 2"));
});

test.each(["1.2.03", "1..2", "", "1.2.", "../../etc/passwd", `1.${"2".repeat(63)}`])(
  "%s is no UID",
  (text) => {
    expect(isUid(text)).toBe(false);
  },
);
