/**
 * Who a process is on the network. Its certificate names it by a URI, and that URI is its user at every nats-server: there is
 * no password anywhere.
 */

/**
 * `node` and `gateway` and so on are roles; `ledger` is a nats-server of the cluster, `leaf` one of an autonomous site,
 * `operator` a person at the `releve` command.
 */
export const identityKinds = ["node", "gateway", "api", "archive", "ledger", "leaf", "operator"] as const;
export type IdentityKind = (typeof identityKinds)[number];

export type Identity = {
  readonly kind: IdentityKind;
  readonly site: string;
  /** Unique at its site: a node's own name, else the kind's. */
  readonly name: string;
};

export const identityUri = ({ kind, site, name }: Identity): string => `releve://${site}/${kind}/${name}`;

/** Whoever runs the system: its supervisor, the `releve` command, a drill. */
export const operatorIdentity: Identity = { kind: "operator", site: "system", name: "operator" };

/** What the certificate of every nats-server of the cluster names besides its own identity, and nothing else does: who may be a route. */
export const routeUri = "releve://ledger/route";

/** Replies come under a prefix that only this user may subscribe to: nobody reads what was meant for another. */
export const inboxPrefixOf = ({ kind, site, name }: Identity): string => `_INBOX.${kind}.${site}.${name}`;
