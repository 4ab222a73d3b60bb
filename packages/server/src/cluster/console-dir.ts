/** Where the set-up builds the console. */
import { fileURLToPath } from "node:url";

export const consoleDir = fileURLToPath(new URL("../../../console/dist", import.meta.url));
