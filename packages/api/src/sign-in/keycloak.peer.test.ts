import { describe } from "vitest";
import { missingForKeycloak, startKeycloak } from "./keycloak.fixture.ts";
import { signInContract } from "./sign-in.contract.ts";

const missing = await missingForKeycloak();

describe.skipIf(missing !== undefined)(
  `the real Keycloak${missing === undefined ? "" : `: ${missing}`}`,
  () => {
    signInContract(startKeycloak);
  },
);
