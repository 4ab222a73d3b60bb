/** Numbers as DICOM's Decimal String: at most 16 characters (PS3.5 table 6.2-1), with as many digits as fit. */

const maxLength = 16;

/** @throws RangeError for a number that is not finite. */
export function decimalString(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError("a Decimal String needs a finite number");
  const shortest = String(Object.is(value, -0) ? 0 : value);
  if (shortest.length <= maxLength) return shortest;
  for (let digits = 15; digits > 0; digits--) {
    const text = shortened(value, digits);
    if (text.length <= maxLength) return text;
  }
  throw new RangeError("no Decimal String for this number");
}

/** `Number` drops the trailing zeros that `toPrecision` leaves. */
function shortened(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}
