/** Numbers as DICOM's Decimal String: at most 16 characters (PS3.5 table 6.2-1), with as many digits as fit. */

const maxLength = 16;

/** @throws RangeError for a number that is not finite. */
export function decimalString(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError("a Decimal String needs a finite number");
  const shortest = String(Object.is(value, -0) ? 0 : value);
  if (shortest.length <= maxLength) return shortest;
  for (let digits = 15; digits > 0; digits--) {
    const text = shortened(value, digits);
    // The largest numbers round up to infinity with few digits, and down with one digit less.
    if (text.length <= maxLength && Number.isFinite(Number(text))) return text;
  }
  throw new RangeError("no Decimal String for this number");
}

/** Without the trailing zeros that `toPrecision` leaves; large numbers are shorter with an exponent. */
function shortened(value: number, digits: number): string {
  const rounded = Number(value.toPrecision(digits));
  const plain = String(rounded);
  return plain.length <= maxLength ? plain : rounded.toExponential();
}
