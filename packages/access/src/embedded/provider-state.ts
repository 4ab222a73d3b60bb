/** What the embedded identity provider remembers (sessions, codes, refresh tokens), in SQLite: a restart signs nobody out. */
import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Adapter, AdapterPayload } from "oidc-provider";

export type ProviderState = {
  readonly adapterFor: (model: string) => Adapter;
  readonly close: () => void;
};

const schema = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS entry (
    model TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL,
    uid TEXT, grantId TEXT, expiresAtMs REAL,
    PRIMARY KEY (model, id)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS byUid ON entry (model, uid);
  CREATE INDEX IF NOT EXISTS byGrant ON entry (grantId);`;

export function openProviderState(file: string, nowMs: () => number): ProviderState {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(file);
  chmodSync(file, 0o600);
  database.exec(schema);
  const forget = database.prepare("DELETE FROM entry WHERE expiresAtMs <= ?");
  const put = database.prepare("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?)");
  const byId = database.prepare(
    "SELECT payload FROM entry WHERE model = ? AND id = ? AND coalesce(expiresAtMs > ?, true)",
  );
  const byUid = database.prepare(
    "SELECT payload FROM entry WHERE model = ? AND uid = ? AND coalesce(expiresAtMs > ?, true)",
  );
  const consume = database.prepare(
    "UPDATE entry SET payload = json_set(payload, '$.consumed', ?) WHERE model = ? AND id = ?",
  );
  const remove = database.prepare("DELETE FROM entry WHERE model = ? AND id = ?");
  const revoke = database.prepare("DELETE FROM entry WHERE grantId = ?");
  const read = (row: Record<string, unknown> | undefined) =>
    row && (JSON.parse(String(row["payload"])) as AdapterPayload);
  return {
    adapterFor: (model) => ({
      upsert: async (id, payload, expiresInS) => {
        forget.run(nowMs());
        const { uid = null, grantId = null } = payload;
        const expiresAtMs = expiresInS ? nowMs() + expiresInS * 1_000 : null;
        put.run(model, id, JSON.stringify(payload), uid, grantId, expiresAtMs);
      },
      find: async (id) => read(byId.get(model, id, nowMs())),
      findByUid: async (uid) => read(byUid.get(model, uid, nowMs())),
      findByUserCode: async () => undefined, // no device flow here
      consume: async (id) => void consume.run(Math.floor(nowMs() / 1_000), model, id),
      destroy: async (id) => void remove.run(model, id),
      revokeByGrantId: async (grantId) => void revoke.run(grantId),
    }),
    close: () => database.close(),
  };
}
