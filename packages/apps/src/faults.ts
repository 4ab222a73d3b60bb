/** The faults of this package. */
import { Fault } from "@releve/domain/fault";

/** A thread that computed for an application ended without a result: its memory did not suffice, or it has a bug. */
export class ComputeThreadFault extends Fault {
  constructor(message: string, cause?: unknown) {
    super("COMPUTE_THREAD_LOST", message, "later", cause);
    this.name = "ComputeThreadFault";
  }
}
