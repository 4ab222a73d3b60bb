/** How this implementation names itself in an association, PS3.7 annex D.3.3.2. */
import { derivedUid } from "@releve/domain/ids";
import type { UserInformation } from "./pdu.ts";

const implementationClassUid = derivedUid("implementation class of the DIMSE service, version 1");
const implementationVersionName = "RELEVE_1";

export function ownUserInformation(maxPduBytes: number): UserInformation {
  return { maxPduBytes, implementationClassUid, implementationVersionName, roles: [] };
}
