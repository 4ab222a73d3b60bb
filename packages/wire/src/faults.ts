/** Every fault of the wire, with its stable code. */
import { Fault } from "@releve/domain/fault";

/** - WIRE_UNREACHABLE (later): no NATS server took the first connection within the limit. */
export class WireFault extends Fault {
  constructor(code: "WIRE_UNREACHABLE", message: string, cause?: unknown) {
    super(code, message, "later", cause);
    this.name = "WireFault";
  }
}
