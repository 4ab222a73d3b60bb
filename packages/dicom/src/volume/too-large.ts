/** The one sentence for a volume that does not fit, with the numbers. */
import { refusal, type Refusal } from "@releve/domain/refusal";

const mebibytes = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024)} MiB`;

export function tooLarge(bytes: number, budgetBytes: number): Refusal {
  const reason = `the volume needs ${mebibytes(bytes)}, this node gives it ${mebibytes(budgetBytes)}`;
  return refusal("VOLUME_TOO_LARGE", reason);
}
