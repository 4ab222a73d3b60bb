/** A number as a DICOM Decimal String: at most 16 characters (PS3.5 table 6.2-1), as exact as they allow. @throws RangeError */
export function decimalString(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError("a Decimal String is a finite number");
  const plain = String(Object.is(value, -0) ? 0 : value);
  if (plain.length <= 16) return plain;
  for (let digits = 15; digits > 0; digits--) {
    const text = String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return text;
  }
  throw new RangeError("no Decimal String of 16 characters holds this number");
}
