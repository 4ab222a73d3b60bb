/** One number for all that a read model holds: two replays of one ledger must agree on it, however they were batched or cut. */
import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Digest } from "@releve/domain/ids";

/** Every table in the order of its key: SHA-256 over the rows as JSON lines. */
const contents = [
  "SELECT * FROM progress",
  "SELECT * FROM streams ORDER BY n",
  "SELECT n, position, stream, unread, hex(body) FROM commits ORDER BY n",
  "SELECT * FROM pictures ORDER BY digest",
];

export function digestOfRows(db: DatabaseSync): Digest {
  const hash = createHash("sha256");
  for (const sql of contents) {
    hash.update(`${sql}\n`);
    for (const row of db.prepare(sql).iterate()) hash.update(`${JSON.stringify(Object.values(row))}\n`);
  }
  return hash.digest("hex") as Digest;
}
