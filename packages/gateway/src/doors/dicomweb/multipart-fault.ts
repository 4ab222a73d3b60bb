import { Fault } from "@releve/domain/fault";

/** The request body is no multipart/related within its limits. The sender's mistake: the same body fails again. */
export class MultipartFault extends Fault {
  declare readonly code: "BAD_MULTIPART" | "TOO_MANY_PARTS" | "TRUNCATED_MULTIPART";

  constructor(code: MultipartFault["code"], message: string) {
    super(code, message, "never");
    this.name = "MultipartFault";
  }
}
