/** Who may send: calling AE title and address, both listed. Pure; the listener asks before it accepts anything. */
import { BlockList, isIPv4, isIPv6 } from "node:net";
import { refusal, type Refusal } from "@releve/domain/refusal";

/** `*` as the AE title stands for every title. `addresses` are IP addresses or networks such as `10.1.0.0/16`. */
export type Peer = { readonly aeTitle: string; readonly addresses: readonly string[] };

/** The default: whoever runs on this machine. */
export const loopbackPeers: readonly Peer[] = [{ aeTitle: "*", addresses: ["127.0.0.0/8", "::1"] }];

export type Caller = { readonly callingAeTitle: string; readonly address: string };
export type Admission = (caller: Caller) => Refusal | undefined;

/** @throws RangeError when an address of the list is none: a list that nobody matches by mistake must not start. */
export function admissionBy(peers: readonly Peer[]): Admission {
  const rules = peers.map((peer) => ({ aeTitle: peer.aeTitle, networks: networksOf(peer.addresses) }));
  return ({ callingAeTitle, address }) => {
    const from = rules.filter((rule) => contains(rule.networks, address));
    if (from.length === 0) return refusal("ADDRESS_NOT_LISTED", "the sender's address is not listed");
    const named = from.some((rule) => rule.aeTitle === "*" || rule.aeTitle === callingAeTitle.trim());
    if (!named)
      return refusal("CALLING_AE_NOT_LISTED", "the calling AE title is not listed for this address");
    return undefined;
  };
}

function networksOf(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of addresses) {
    const [address = "", prefix] = text.split("/");
    const family = familyOf(address);
    if (!family) throw new RangeError(`${text} is neither an IP address nor a network`);
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

function contains(list: BlockList, address: string): boolean {
  // A dual-stack listener sees IPv4 senders as ::ffff:a.b.c.d.
  const plain = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
  const family = familyOf(plain);
  return family !== undefined && list.check(plain, family);
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  if (isIPv4(address)) return "ipv4";
  return isIPv6(address) ? "ipv6" : undefined;
}
