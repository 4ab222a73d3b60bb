/** Series Number: a label for people that sorts a result behind the series it came from. UIDs identify, this does not. */

const perSource = 100;
const largestSource = Math.floor((2 ** 31 - 1) / perSource) - 1;

/** Source series 4 gives a number from 401 to 499; which one depends on the key. An unknown source counts as 0. */
export function seriesNumber(sourceNumber: number | undefined, key: string): string {
  const known = sourceNumber !== undefined && Number.isInteger(sourceNumber);
  const source = known && sourceNumber >= 0 && sourceNumber <= largestSource ? sourceNumber : 0;
  return String(source * perSource + 1 + (sumOf(key) % (perSource - 1)));
}

function sumOf(key: string): number {
  return Array.from(key).reduce((sum, character) => (sum * 31 + character.codePointAt(0)!) % 1_000_003, 7);
}
