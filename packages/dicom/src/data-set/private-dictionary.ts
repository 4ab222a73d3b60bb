/**
 * VRs of the few private attributes that splitting a series and computing an SUV need, for data sets in implicit VR or with UN, which do not
 * say them. From the vendors' conformance statements. Others stay unknown: their numbers are read only from text.
 */

const known: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  "Philips Imaging DD 001": { 0x03: "FL", 0x04: "CS" },
  "Philips MR Imaging DD 001": { 0xb0: "FL", 0xb1: "FL", 0xb2: "FL" },
  "Philips PET Private Group": { 0x00: "DS", 0x09: "DS" },
  "SIEMENS MR HEADER": { 0x08: "CS", 0x0a: "US", 0x0c: "IS", 0x0d: "CS", 0x0e: "FD", 0x27: "FD", 0x29: "FD" },
  GEMS_PETD_01: { 0x0d: "DT" },
  GEMS_ACQU_01: { 0xbb: "DS", 0xbc: "DS", 0xbd: "DS" },
  GEMS_PARM_01: { 0x39: "IS" },
};

export function privateVr(creator: string, element: number): string | undefined {
  return known[creator]?.[element];
}
