/** What can go wrong between the gateway and the systems around it. */
import { Fault } from "@releve/domain/fault";

export type GatewayFaultCode =
  | "PACS_UNREACHABLE"
  | "PACS_REFUSED"
  /** More jobs wait than the cluster does in good time: asked again later. */
  | "CLUSTER_FULL";

export class GatewayFault extends Fault {
  declare readonly code: GatewayFaultCode;

  constructor(code: GatewayFaultCode, message: string, retry: "never" | "later", cause?: unknown) {
    super(code, message, retry, cause);
    this.name = "GatewayFault";
  }
}
