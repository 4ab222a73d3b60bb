const oldest = { major: 2, minor: 11 };

/**
 * Whether a nats-server can carry the ledger, from what `nats-server --version` printed.
 * @typedef {{ kind: "accepted", version: string } | { kind: "refused", reason: string }} NatsVerdict
 * @param {string} printed such as "nats-server: v2.15.2"
 * @returns {NatsVerdict}
 */
export function judgeNatsVersion(printed) {
  const match = /\bv?((\d+)\.(\d+)\.\d+\S*)/.exec(printed);
  if (!match) return { kind: "refused", reason: "it does not print a version" };
  const [, version = "", major, minor] = match;
  const isNewEnough =
    Number(major) > oldest.major || (Number(major) === oldest.major && Number(minor) >= oldest.minor);
  if (isNewEnough) return { kind: "accepted", version };
  return {
    kind: "refused",
    reason:
      `version ${version} is older than ${oldest.major}.${oldest.minor}: ` +
      "before it, replicated streams accept appends that violate the expected sequence, and 2.9 does not know `sync_interval`",
  };
}
