/** Units (PS3.3 C.8.9.1.1.3) and SUV Type of a PET image, for a unit of PS3.16 CID 85. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { DerivedSeries } from "../derived-series.ts";
import { elementsOf, type Elements } from "../elements.ts";

const byUcum: Readonly<Record<string, readonly [units: string, suvType: string]>> = {
  "g/ml{SUVbw}": ["GML", "BW"],
  "g/ml{SUVlbm}": ["GML", "LBM"],
  "g/ml{SUVlbm(Janma)}": ["GML", "LBMJANMA"],
  "g/ml{SUVlbm(James128)}": ["GML", "LBMJAMES128"],
  "g/ml{SUVibw}": ["GML", "IBW"],
  "cm2/ml{SUVbsa}": ["CM2ML", "BSA"],
};

/** In place of the source's, which are true of its values only. A unit that a PET image cannot state is refused. */
export function petUnits({ realWorld }: DerivedSeries): Elements | Refusal {
  if (!realWorld) return elementsOf({});
  const found = byUcum[realWorld.unit.codeValue];
  if (!found)
    return refusal("UNIT_NOT_WRITABLE", `A PET image cannot state the unit ${realWorld.unit.codeValue}.`);
  return elementsOf({ Units: found[0], SUVType: found[1] });
}
