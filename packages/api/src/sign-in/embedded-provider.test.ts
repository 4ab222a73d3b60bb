import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedProvider } from "@releve/access/embedded/embedded-provider";
import { prepareProvider, readSecret, secretFileOf } from "@releve/access/embedded/prepare-provider";
import { signInContract } from "./sign-in.contract.ts";

const [client, program] = ["releve-site-a", "releve-command"];
const accessTokenS = 2;

signInContract(async (consoleUrl) => {
  const dir = await mkdtemp(join(tmpdir(), "releve-provider-"));
  const shown = await prepareProvider(dir, [client, program]);
  const clients = [{ id: client, consoleUrl }, { id: program }];
  const { issuer, close } = await startEmbeddedProvider({ dir, port: 0, clients, accessTokenS });
  return {
    issuer,
    clientId: client,
    clientSecret: readSecret(secretFileOf(dir, client)),
    passwordOf: (role) => shown.find(({ name }) => name === role)!.password,
    programToken: async () => {
      const response = await fetch(`${issuer}/protocol/openid-connect/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "client_credentials",
          client_id: program,
          client_secret: readSecret(secretFileOf(dir, program)),
        }),
      });
      return ((await response.json()) as { access_token: string }).access_token;
    },
    accessTokenS,
    stop: async () => {
      await close();
      await rm(dir, { recursive: true });
    },
  };
});
