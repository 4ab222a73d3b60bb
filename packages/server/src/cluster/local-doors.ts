/**
 * Doors between this machine and sites in namespaces. Inwards: what people use at a site, on the loopback network, carried on
 * with the operator's certificate, as whoever is on this machine may act on an installation that stays on it. Outwards: a
 * PACS that listens on this machine's loopback, which the sites cannot reach.
 */
import type { Destination } from "@releve/gateway/delivery/destination";
import type { TlsFiles } from "@releve/domain/tls-files";
import { isLoopback } from "../config/production-rules.ts";
import { openLocalDoor, type LocalDoor } from "./network/local-door.ts";
import type { LocalPlace } from "./open-places.ts";
import type { SitePlace } from "./site-plan.ts";

/** To the console, DICOMweb and DICOM listener of each site, under the same ports. */
export async function openInwardDoors(
  places: readonly SitePlace[],
  local: readonly LocalPlace[],
  tls: TlsFiles,
): Promise<readonly LocalDoor[]> {
  const doors: LocalDoor[] = [];
  for (const [index, { address, ports }] of places.entries()) {
    for (const port of [ports.console, ports.web, ports.dimse])
      doors.push(await openLocalDoor({ host: local[index]!.address, port }, { host: address, port }, tls));
  }
  return doors;
}

/** @returns the destinations as the sites reach them, and the doors that were opened for it. */
export async function openOutwardDoors(
  destinations: readonly Destination[],
  hostAddress: string,
): Promise<{ readonly destinations: readonly Destination[]; readonly doors: readonly LocalDoor[] }> {
  const doors: LocalDoor[] = [];
  const reachable: Destination[] = [];
  for (const destination of destinations) {
    const { host, port } = endpointOf(destination);
    if (!isLoopback(host)) {
      reachable.push(destination);
      continue;
    }
    const door = await openLocalDoor({ host: hostAddress, port: 0 }, { host, port });
    doors.push(door);
    reachable.push(at(destination, door));
  }
  return { destinations: reachable, doors };
}

function endpointOf(destination: Destination): { readonly host: string; readonly port: number } {
  if (destination.kind === "dimse") return destination;
  const { hostname, port, protocol } = new URL(destination.url);
  return { host: hostname, port: Number(port || (protocol === "https:" ? 443 : 80)) };
}

function at(destination: Destination, { host, port }: LocalDoor): Destination {
  if (destination.kind === "dimse") return { ...destination, host, port };
  const url = new URL(destination.url);
  url.host = `${host}:${port}`;
  return { ...destination, url: url.href };
}
