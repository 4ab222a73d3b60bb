/** Which node hosts a session and which one stands by. Pure. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { SessionPlace } from "@releve/wire/session/link-messages";
import type { LiveNode } from "../api-context.ts";

export type Places = { readonly host: SessionPlace; readonly standby: SessionPlace | null };

export type PlacesWanted = {
  readonly nodes: readonly LiveNode[];
  /** Of the API: frames are shown where they are near. */
  readonly site: string;
  readonly needBytes: number;
  /** Nodes that failed just now, as `site/node`. */
  readonly without?: ReadonlySet<string>;
};

export const placeKey = ({ site, node }: { readonly site: string; readonly node: string }): string =>
  `${site}/${node}`;

/** Near ones first, then those with fewer sessions; SATURATED says how many there are, and why none takes it. */
export function choosePlaces(wanted: PlacesWanted): Places | Refusal {
  const [host] = nodesFor(wanted).toSorted(by((node) => (node.site === wanted.site ? 0 : 1)));
  return host ? { host: placeOf(host), standby: chooseStandby(wanted, placeOf(host)) } : saturated(wanted);
}

/** In another site where there is one with room: it survives what takes the whole site of the host. */
export function chooseStandby(wanted: PlacesWanted, host: SessionPlace): SessionPlace | null {
  const [standby] = nodesFor(wanted)
    .filter((node) => placeKey(node) !== placeKey(host))
    .toSorted(by((node) => (node.site === host.site ? 1 : 0)));
  return standby ? placeOf(standby) : null;
}

/** Where the node listens now; undefined while it is not heard, or takes no sessions. */
export function placeNow(
  nodes: readonly LiveNode[],
  of: { readonly site: string; readonly node: string },
): SessionPlace | undefined {
  const node = nodes.find((one) => placeKey(one) === placeKey(of));
  return node?.sessions && node.status !== "lost" ? placeOf(node as Takes) : undefined;
}

type Takes = LiveNode & { readonly sessions: NonNullable<LiveNode["sessions"]> };

const takes = (node: LiveNode): node is Takes => node.sessions !== undefined && node.status === "alive";

const nodesFor = ({ nodes, needBytes, without }: PlacesWanted): Takes[] =>
  nodes
    .filter(takes)
    .filter(
      ({ draining, sessions }) =>
        !draining && sessions.held < sessions.most && sessions.freeBytes >= needBytes,
    )
    .filter((node) => !without?.has(placeKey(node)));

const by =
  (distance: (node: Takes) => number) =>
  (a: Takes, b: Takes): number =>
    distance(a) - distance(b) || a.sessions.held - b.sessions.held || (a.node < b.node ? -1 : 1);

const placeOf = ({ node, site, sessions }: Takes): SessionPlace => ({ node, site, url: sessions.url });

function saturated({ nodes, needBytes }: PlacesWanted): Refusal {
  const heard = nodes.filter(takes);
  if (heard.length === 0) return refusal("SATURATED", "No node that takes sessions is heard.");
  const full = heard.filter(({ sessions }) => sessions.held >= sessions.most).length;
  const mebibytes = Math.ceil(needBytes / 1024 ** 2);
  return refusal(
    "SATURATED",
    `None of ${heard.length} nodes takes the session now: ${full} have no place left, the others less than ${mebibytes} MiB for its volume.`,
  );
}
