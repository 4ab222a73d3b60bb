/** Where three sites stand on this machine: in network namespaces of their own, or on addresses of the loopback network. */
import { Fault } from "@releve/domain/fault";
import { openSiteNetwork, type OpenNetwork } from "./network/site-network.ts";
import { namespacesAllowed } from "./network/run-ip.ts";
import { firstTaken, freePorts } from "./ports.ts";
import { siteLetters, siteNameOf, sitePortNames, sitePortsFrom, type SitePlace } from "./site-plan.ts";

/** `best`: namespaces where the machine allows them. */
export type PlaceChoice = "namespaces" | "loopback" | "best";

/** What people of this machine use to reach a site: its own addresses, or doors on the loopback network to them. */
export type LocalPlace = Pick<SitePlace, "letter" | "address" | "ports">;

export type OpenPlaces = {
  readonly places: readonly SitePlace[];
  readonly local: readonly LocalPlace[];
  readonly network: OpenNetwork | undefined;
};

/** @throws Fault PORT_TAKEN, NETWORK_FAILED. */
export async function openPlaces(choice: PlaceChoice, firstPort: number | undefined): Promise<OpenPlaces> {
  const local = await loopbackPlaces(firstPort);
  if (choice === "loopback" || (choice === "best" && !(await namespacesAllowed())))
    return { places: local, local, network: undefined };
  const network = await openSiteNetwork(siteLetters.map(siteNameOf));
  const places = local.map(({ letter, ports }) => ({
    letter,
    ports,
    address: network.addressOf(siteNameOf(letter)),
    within: ["ip", "netns", "exec", network.namespaceOf(siteNameOf(letter))],
  }));
  return { places, local, network };
}

/** One address of the loopback network a site, 127.0.1.1 and following. */
async function loopbackPlaces(firstPort: number | undefined): Promise<readonly LocalPlace[]> {
  const places: LocalPlace[] = [];
  for (const [index, letter] of siteLetters.entries()) {
    const address = `127.0.1.${index + 1}`;
    const ports = await portsAt(address, firstPort);
    places.push({ letter, address, ports: sitePortsFrom(ports) });
  }
  return places;
}

async function portsAt(address: string, firstPort: number | undefined): Promise<readonly number[]> {
  if (firstPort === undefined) return freePorts(sitePortNames.length, address);
  const ports = sitePortNames.map((_, offset) => firstPort + offset);
  const taken = await firstTaken(ports, address);
  if (taken === undefined) return ports;
  const advice = "stop what listens there, or choose other ports with --port";
  throw new Fault("PORT_TAKEN", `port ${taken} of ${address} is taken; ${advice}`, "later");
}
