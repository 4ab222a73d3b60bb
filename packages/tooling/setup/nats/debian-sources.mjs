/**
 * A private apt sources list for Debian's unstable suite, derived from the sources that the host already uses:
 * same archive, same keyring, another suite. Options that would weaken the signature check are not taken over.
 * @typedef {{
 *   types: string[], uris: string[], suites: string[], components: string[],
 *   signedBy: string | undefined, architectures: string | undefined,
 * }} AptSource
 */

const movingSuites = ["oldstable", "stable", "testing", "unstable", "sid"];

/**
 * @param {readonly { name: string, text: string }[]} files the host's sources: `.list` (one-line) and `.sources` (deb822)
 * @param {string} codename of the host's release, from VERSION_CODENAME
 * @returns {string | undefined} a deb822 file, or undefined where the host has no source of Debian itself
 */
export function sidSources(files, codename) {
  const sources = files
    .flatMap(({ name, text }) => (name.endsWith(".sources") ? parseDeb822(text) : parseOneLine(text)))
    .filter((source) => isDebianItself(source, codename));
  const stanzas = new Set(sources.map(sidStanza));
  return stanzas.size > 0 ? [...stanzas].join("\n") : undefined;
}

/** @param {AptSource} source @param {string} codename */
function isDebianItself({ types, suites, components, signedBy }, codename) {
  return (
    types.includes("deb") &&
    components.includes("main") &&
    suites.some((suite) => suite === codename || movingSuites.includes(suite)) &&
    // Other archives use Debian's suite names too, but never Debian's keyring.
    (signedBy === undefined || /debian-archive|BEGIN PGP/.test(signedBy))
  );
}

/** @param {AptSource} source */
function sidStanza({ uris, signedBy, architectures }) {
  const lines = ["Types: deb", `URIs: ${uris.join(" ")}`, "Suites: sid", "Components: main"];
  if (architectures) lines.push(`Architectures: ${architectures}`);
  if (signedBy) lines.push(`Signed-By: ${signedBy}`);
  return `${lines.join("\n")}\n`;
}

/** @param {string} text @returns {AptSource[]} */
function parseOneLine(text) {
  return text.split("\n").flatMap((line) => {
    const match = /^(deb|deb-src)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)((?:\s+\S+)*)$/.exec(
      line.replace(/#.*/, "").trim(),
    );
    const [, type, options = "", uri, suite, components = ""] = match ?? [];
    if (!type || !uri || !suite || uri.startsWith("cdrom:")) return [];
    const option = new Map(words(options).map((each) => splitAt(each, "=")));
    return {
      types: [type],
      uris: [uri],
      suites: [suite],
      components: words(components),
      signedBy: option.get("signed-by")?.replaceAll(",", " "),
      architectures: option.get("arch")?.replaceAll(",", " "),
    };
  });
}

/** @param {string} text @returns {AptSource[]} */
function parseDeb822(text) {
  const withoutComments = text.replaceAll(/^#.*\n?/gm, "");
  return withoutComments
    .split(/\n\s*\n/)
    .map(fieldsOf)
    .filter((field) => field.has("uris") && field.get("enabled")?.toLowerCase() !== "no")
    .map((field) => ({
      types: words(field.get("types") ?? ""),
      uris: words(field.get("uris") ?? ""),
      suites: words(field.get("suites") ?? ""),
      components: words(field.get("components") ?? ""),
      signedBy: field.get("signed-by"),
      architectures: field.get("architectures"),
    }));
}

/**
 * Field names are case-insensitive; a line that starts with a space continues the field before it.
 * @param {string} stanza
 * @returns {Map<string, string>}
 */
function fieldsOf(stanza) {
  const lines = stanza.replaceAll(/\n(?=[ \t])/g, "\u0000").split("\n");
  return new Map(
    lines
      .filter((line) => line.includes(":"))
      .map((line) => splitAt(line.replaceAll("\u0000", "\n"), ":"))
      .map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/** @param {string} text @param {string} separator @returns {[string, string]} */
function splitAt(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** @param {string} text */
function words(text) {
  return text.split(/\s+/).filter((word) => word !== "");
}
