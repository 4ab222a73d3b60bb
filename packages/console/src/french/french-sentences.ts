/** Everything that may be said to a person in English only: of applications, of series, jobs and deliveries. Loaded when French is chosen. */
import { frenchSentences as applicationSentences } from "@releve/apps/french-sentences";
import { deliverySentences } from "./delivery-sentences.ts";
import { jobSentences } from "./job-sentences.ts";
import { seriesSentences } from "./series-sentences.ts";
import { translator, type Sentences } from "./translate.ts";

export const allSentences: Sentences = {
  ...seriesSentences,
  ...jobSentences,
  ...deliverySentences,
  ...applicationSentences,
};

export const inFrench = translator(allSentences);
