import { digest, count, epoch, event } from "./fields.ts";

export const adoptionSchemas = {
  LedgerAdopted: event("LedgerAdopted", {
    epoch,
    tail: count,
    remembered: count,
    report: digest.nullable(),
  }),
};
