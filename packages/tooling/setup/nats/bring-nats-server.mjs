import { join } from "node:path";
import { SetupFailure } from "../failure.mjs";
import { buildNatsWithGo } from "./build-nats-with-go.mjs";
import { probeNats } from "./probe-nats.mjs";
import { unpackNatsFromDebian } from "./unpack-nats-from-debian.mjs";

/** @typedef {import("../progress.mjs").Progress} Progress */

/**
 * Finds a nats-server that can carry the ledger, or brings one into the cache. First that works wins:
 * RELEVE_NATS_SERVER, PATH, the cache, Go, Debian.
 * @param {string} cache
 * @param {string | undefined} named what RELEVE_NATS_SERVER says
 * @param {Progress} progress
 * @returns {Promise<string>} path or name of the binary
 * @throws SetupFailure saying what to install and what was tried
 */
export async function bringNatsServer(cache, named, progress) {
  if (named) return namedServer(named, progress);
  /** @type {string[]} */
  const tried = [];
  const folders = { go: join(cache, "nats-server/go"), debian: join(cache, "nats-server/debian") };
  const places = ["nats-server", ...Object.values(folders).map(binaryIn)];
  const found = await firstAccepted(places, tried, progress);
  if (found) return found;
  for (const line of tried) progress.note(line);
  const ways = [
    { what: "Building nats-server with Go", folder: folders.go, bring: buildNatsWithGo },
    { what: "Unpacking nats-server from Debian", folder: folders.debian, bring: unpackNatsFromDebian },
  ];
  for (const { what, folder, bring } of ways) {
    const reason = await progress.step(what, () => bring(folder, progress.log));
    if (reason) tried.push(`${what}: ${reason}`);
    const brought = reason ? undefined : await firstAccepted([binaryIn(folder)], tried, progress);
    if (brought) return brought;
    progress.note(tried.at(-1) ?? "");
  }
  throw new SetupFailure(
    `No nats-server 2.11 or newer is here: install one (or Go, with which it is built) and run this again. Tried: ${tried.join("; ")}.`,
  );
}

/** @param {string} binary @param {Progress} progress */
async function namedServer(binary, progress) {
  const verdict = await probeNats(binary, progress.log);
  if (verdict.kind === "accepted") return binary;
  const reason = verdict.kind === "missing" ? "there is no such program" : verdict.reason;
  throw new SetupFailure(`RELEVE_NATS_SERVER names ${binary}, which is refused: ${reason}.`);
}

/**
 * @param {readonly string[]} binaries @param {string[]} tried @param {Progress} progress
 * @returns {Promise<string | undefined>}
 */
async function firstAccepted(binaries, tried, progress) {
  for (const binary of binaries) {
    const verdict = await probeNats(binary, progress.log);
    if (verdict.kind === "accepted") return binary;
    const outcome = verdict.kind === "refused" ? `refused: ${verdict.reason}` : "not there";
    progress.log(`${binary} is ${outcome}`);
    if (verdict.kind === "refused") tried.push(`${binary} is ${outcome}`);
  }
  return undefined;
}

/** @param {string} folder */
function binaryIn(folder) {
  return join(folder, "nats-server");
}
