/** What can be asked of the lung densitometry. */
import { z } from "zod";

export const lungParameters = z.object({
  /** What is darker is air or lung, HU. Higher where much of the lung is dense: fibrosis, expiration. */
  lungBelowHu: z
    .number()
    .min(-600)
    .max(-200)
    .meta({ en: "Lung below (HU)", fr: "Poumon en dessous de (UH)" })
    .default(-500),
});

export type LungParameters = z.infer<typeof lungParameters>;
