/** What can fail while computing. Codes are stable. */
import { Fault } from "@releve/domain/fault";

const mib = (bytes: number): number => Math.ceil(bytes / 2 ** 20);

export class VolumeTooLargeFault extends Fault {
  readonly neededBytes: number;
  readonly budgetBytes: number;

  constructor(neededBytes: number, budgetBytes: number) {
    const reason = `the volume needs ${mib(neededBytes)} MiB in the kernel's memory, its budget is ${mib(budgetBytes)} MiB`;
    super("KERNEL_VOLUME_TOO_LARGE", reason, "never");
    this.neededBytes = neededBytes;
    this.budgetBytes = budgetBytes;
  }
}

export class KernelWorkerFault extends Fault {
  constructor(message: string, cause?: unknown) {
    super("KERNEL_WORKER_LOST", message, "later", cause);
  }
}

export class KernelComputeFault extends Fault {
  constructor(message: string) {
    super("KERNEL_COMPUTE_FAILED", message, "never");
  }
}
