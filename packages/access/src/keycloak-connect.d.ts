/** The parts of keycloak-connect that need no Express. It declares no types for them and has no `exports`: its version is pinned. */
declare module "keycloak-connect/middleware/auth-utils/token.js" {
  export default class Token {
    constructor(token: string, clientId: string);
    hasRealmRole(role: string): boolean;
    hasApplicationRole(client: string, role: string): boolean;
  }
}

declare module "keycloak-connect/middleware/auth-utils/config.js" {
  // oxlint-disable-next-line typescript/no-extraneous-class -- it is one
  export default class Config {
    constructor(config: {
      readonly realm: string;
      readonly "auth-server-url": string;
      readonly resource: string;
      readonly "bearer-only": true;
      readonly "verify-token-audience": true;
    });
  }
}

declare module "keycloak-connect/middleware/auth-utils/grant-manager.js" {
  import type Config from "keycloak-connect/middleware/auth-utils/config.js";
  import type Token from "keycloak-connect/middleware/auth-utils/token.js";
  export default class GrantManager {
    constructor(config: Config);
    /** PEM; without it the manager fetches keys itself, with no time-out. */
    publicKey: string | undefined;
    /** Rejects with an Error that says why. */
    validateToken(token: Token, expectedType: "Bearer"): Promise<Token>;
  }
}
