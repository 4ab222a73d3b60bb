/** The instances that an object refers to, by series: Common Instance Reference (PS3.3 C.12.2) and the evidence of a report. */
import { isUid } from "@releve/domain/ids";
import type { DerivationSource, SourceReference } from "./derivation-context.ts";
import { elementsOf, type Elements } from "./elements.ts";

/** The valid references by the series that they belong to; those of one series in the order given. */
export function bySeries(source: DerivationSource): ReadonlyMap<string, readonly SourceReference[]> {
  const series = new Map<string, SourceReference[]>();
  for (const reference of source.sources) {
    const uid = reference.seriesInstanceUid ?? source.attributes.string("SeriesInstanceUID") ?? "";
    if (![uid, reference.sopInstanceUid, reference.sopClassUid].every(isUid)) continue;
    const known = series.get(uid) ?? [];
    series.set(uid, known);
    known.push(reference);
  }
  return series;
}

export function referencedSeries(source: DerivationSource): Elements {
  const items = [...bySeries(source)].map(([SeriesInstanceUID, references]) =>
    elementsOf({ SeriesInstanceUID, ReferencedInstanceSequence: references.map(instanceReference) }),
  );
  return elementsOf({ ReferencedSeriesSequence: items.length > 0 ? items : undefined });
}

export function instanceReference(reference: SourceReference): Elements {
  return elementsOf({
    ReferencedSOPClassUID: reference.sopClassUid,
    ReferencedSOPInstanceUID: reference.sopInstanceUid,
  });
}
