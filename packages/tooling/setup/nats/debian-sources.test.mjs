import { expect, test } from "vitest";
import { sidSources } from "./debian-sources.mjs";

const archive = "http://archive.example/debian";
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

test("a deb822 source keeps its archive, keyring and architectures, and moves to sid", () => {
  const text = `# the archive
Types: deb deb-src
URIs: ${archive}
Suites: bookworm bookworm-updates
Components: main contrib
Architectures: amd64
Signed-By: ${keyring}

Types: deb
URIs: http://archive.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: ${keyring}
`;
  expect(sidSources([{ name: "debian.sources", text }], "bookworm")).toBe(`Types: deb
URIs: ${archive}
Suites: sid
Components: main
Architectures: amd64
Signed-By: ${keyring}
`);
});

test("a one-line source becomes the same, and two that name one archive are one", () => {
  const line = `deb [arch=amd64,arm64 signed-by=${keyring}] ${archive} bookworm main # comment`;
  const text = `${line}\n#deb ${archive} sid main\ndeb-src ${archive} bookworm main\n${line}\n`;
  expect(sidSources([{ name: "sources.list", text }], "bookworm")).toBe(`Types: deb
URIs: ${archive}
Suites: sid
Components: main
Architectures: amd64 arm64
Signed-By: ${keyring}
`);
});

test("a source without options leaves the keyring to apt", () => {
  const text = `deb ${archive} stable main`;
  expect(sidSources([{ name: "sources.list", text }], "bookworm")).toBe(
    `Types: deb\nURIs: ${archive}\nSuites: sid\nComponents: main\n`,
  );
});

test("what would weaken the signature check is not taken over", () => {
  const oneLine = { name: "a.list", text: `deb [trusted=yes allow-insecure=yes] ${archive} bookworm main` };
  const deb822 = {
    name: "b.sources",
    text: `Types: deb\nURIs: ${archive}\nSuites: bookworm\nComponents: main\nTrusted: yes\nAllow-Insecure: yes\n`,
  };
  expect(sidSources([oneLine, deb822], "bookworm")).not.toMatch(/trusted|insecure/i);
});

test("an embedded key is kept, line by line", () => {
  const key = "\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINB\n -----END PGP PUBLIC KEY BLOCK-----";
  const text = `Types: deb\nURIs: ${archive}\nSuites: bookworm\nComponents: main\nSigned-By:${key}\n`;
  const derived = sidSources([{ name: "debian.sources", text }], "bookworm");
  expect(derived).toContain("-----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINB\n -----END");
});

test.each([
  ["another archive's suite", "deb http://other.example/x nodistro main"],
  [
    "another archive's keyring",
    "deb [signed-by=/usr/share/keyrings/other.gpg] http://other.example/x bookworm main",
  ],
  ["a disc", "deb cdrom:[Debian_12]/ bookworm main"],
  ["sources only", `deb-src ${archive} bookworm main`],
  ["no main", `deb ${archive} bookworm contrib`],
])("%s is no Debian archive", (_, text) => {
  expect(sidSources([{ name: "sources.list", text }], "bookworm")).toBeUndefined();
});

test("a disabled deb822 source is left out", () => {
  const text = `Enabled: no\nTypes: deb\nURIs: ${archive}\nSuites: bookworm\nComponents: main\n`;
  expect(sidSources([{ name: "debian.sources", text }], "bookworm")).toBeUndefined();
});
