/** How a series' values are stored: what writes its images and what presents them must use the same. */
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { DerivationSource } from "./derivation-context.ts";
import type { DerivedSeries } from "./derived-series.ts";
import { classicAttributes } from "./enhanced/classic-attributes.ts";
import { outputIod } from "./iod/output-iod.ts";
import { chooseScale, rangeOf, type StoredScale } from "./quantise.ts";

export function storedScale(series: DerivedSeries, source: DerivationSource): StoredScale | Refusal {
  const iod = outputIod(source.sopClassUid);
  if (isRefusal(iod)) return iod;
  const attributes = classicAttributes(source.attributes, source.sopClassUid);
  return chooseScale(rangeOf(series.images), {
    sourceStep: series.realWorld ? undefined : (source.valueStep ?? attributes.number("RescaleSlope") ?? 1),
    zeroIntercept: iod.zeroIntercept,
  });
}
