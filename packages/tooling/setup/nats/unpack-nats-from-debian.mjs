import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { knownCause } from "../failure.mjs";
import { runTool } from "../run-tool.mjs";
import { sidSources } from "./debian-sources.mjs";

const limitMs = 5 * 60_000;

/**
 * Unpacks Debian unstable's nats-server into the cache. The host's apt is only read: lists, archives and state are
 * private folders, nothing is installed, and a package without a valid signature is refused.
 * @param {string} folder receives the binary `nats-server`
 * @param {(text: string) => void} log
 * @returns {Promise<string | undefined>} why it did not work, or undefined when it did
 */
export async function unpackNatsFromDebian(folder, log) {
  const codename = debianCodename();
  if (!codename) return "this is not Debian";
  const sources = sidSources(hostSources(), codename);
  if (!sources) return "the host's apt sources name no Debian archive";
  const work = join(folder, "apt");
  try {
    return await fetchAndUnpack(work, sources, folder, log);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} work @param {string} sources @param {string} folder @param {(text: string) => void} log
 * @returns {Promise<string | undefined>}
 */
async function fetchAndUnpack(work, sources, folder, log) {
  const options = privateApt(work, sources);
  const cwd = join(work, "download");
  const updated = await runTool("apt-get", [...options, "update"], { log, timeoutMs: limitMs });
  if (updated.kind === "missing") return "apt-get is not on PATH";
  if (!updated.ok) return `apt-get update failed: ${aptCause(updated.output)}`;
  const fetched = await runTool("apt-get", [...options, "download", "nats-server"], {
    log,
    timeoutMs: limitMs,
    cwd,
  });
  if (fetched.kind === "missing" || !fetched.ok)
    return `apt-get download failed: ${fetched.kind === "ended" ? aptCause(fetched.output) : "apt-get is gone"}`;
  const archive = readdirSync(cwd).find((name) => name.endsWith(".deb"));
  if (!archive) return "apt-get download left no package";
  const unpacked = await runTool("dpkg-deb", ["-x", archive, "root"], { log, timeoutMs: limitMs, cwd });
  if (unpacked.kind === "missing") return "dpkg-deb is not on PATH";
  if (!unpacked.ok) return `dpkg-deb failed: ${aptCause(unpacked.output)}`;
  const binary = ["usr/sbin/nats-server", "usr/bin/nats-server"]
    .map((path) => join(cwd, "root", path))
    .find((path) => existsSync(path));
  if (!binary) return "the package holds no nats-server";
  copyFileSync(binary, join(folder, "nats-server"));
  return undefined;
}

/**
 * Options that keep every file of apt's in `work`, and the signature check on.
 * @param {string} work @param {string} sources
 */
function privateApt(work, sources) {
  for (const name of ["sources", "state/lists/partial", "cache/archives/partial", "download"])
    mkdirSync(join(work, name), { recursive: true });
  writeFileSync(join(work, "sources/sid.sources"), sources);
  const settings = {
    "Dir::Etc::SourceList": "/dev/null",
    "Dir::Etc::SourceParts": join(work, "sources"),
    "Dir::Etc::Preferences": "/dev/null",
    "Dir::Etc::PreferencesParts": "/dev/null",
    "Dir::State": join(work, "state"),
    "Dir::State::status": "/var/lib/dpkg/status",
    "Dir::Cache": join(work, "cache"),
    "Acquire::AllowInsecureRepositories": "false",
    "APT::Get::AllowUnauthenticated": "false",
    "Acquire::Languages": "none",
    "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
    // The cache belongs to whoever runs the set-up; apt's own user may not enter it.
    "APT::Sandbox::User": "root",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

/** @param {string} output */
function aptCause(output) {
  if (/NO_PUBKEY|not signed|couldn't be verified/i.test(output))
    return "the host's Debian keyring lacks the key of sid: update the package debian-archive-keyring";
  return knownCause(output) ?? output.trim().split("\n").at(-1);
}

/** @returns {string | undefined} */
function debianCodename() {
  if (!existsSync("/etc/os-release")) return undefined;
  const release = readFileSync("/etc/os-release", "utf8");
  if (!/^ID="?debian"?$/m.test(release)) return undefined;
  return /^VERSION_CODENAME="?(\w+)"?$/m.exec(release)?.[1] ?? "sid";
}

function hostSources() {
  const folder = "/etc/apt/sources.list.d";
  const parts = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  return ["/etc/apt/sources.list", ...parts]
    .filter((name) => /\.(list|sources)$/.test(name) && existsSync(name))
    .map((name) => ({ name, text: readFileSync(name, "utf8") }));
}
