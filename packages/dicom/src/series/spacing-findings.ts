/** What the distances between slices say: missing slices, irregular spacing, disagreement with the written spacing. */
import type { Finding } from "@releve/domain/series-split";
import { finding } from "./finding.ts";
import type { ImageFrame } from "./image-frame.ts";

/** How far a gap may be from a whole number of steps to be one slice missing rather than another spacing. */
const wholeStep = 0.05;
/** Written and measured spacing may differ by rounding: relative, and in mm. */
const sameRelative = 0.01;
const sameMm = 0.01;

/**
 * @param atMm positions along the slice normal, ascending.
 * @param pileStepMm distance of neighbouring origins, which is more than the normal distance when the pile is sheared.
 * @param uneven whether the slices leave the even grid by more than the tolerance.
 */
export function spacingFindings(
  frames: readonly ImageFrame[],
  atMm: readonly number[],
  pileStepMm: number,
  uneven: boolean,
): Finding[] {
  const steps = atMm.slice(1).map((value, index) => value - atMm[index]!);
  const meanMm = (atMm.at(-1)! - atMm[0]!) / steps.length;
  return [...(uneven ? [unevenFinding(steps, meanMm)] : disagreement(frames[0]!, meanMm, pileStepMm))];
}

function unevenFinding(steps: readonly number[], meanMm: number): Finding {
  const detail = { minStepMm: Math.min(...steps), maxStepMm: Math.max(...steps), meanStepMm: meanMm };
  const stepMm = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)]!;
  const multiples = steps.map((step) => step / stepMm);
  const whole = multiples.every(
    (multiple) => multiple > 0.5 && Math.abs(multiple - Math.round(multiple)) <= wholeStep,
  );
  if (!whole) {
    return finding(
      "IRREGULAR_SPACING",
      `The slices lie ${mm(detail.minStepMm)} to ${mm(detail.maxStepMm)} mm apart.`,
      detail,
    );
  }
  const missing = multiples.reduce((sum, multiple) => sum + Math.round(multiple) - 1, 0);
  return finding(
    "MISSING_SLICES",
    `${missing} slices are missing between the others, which lie ${mm(stepMm)} mm apart.`,
    {
      missing,
      stepMm,
      ...detail,
    },
  );
}

function disagreement(frame: ImageFrame, meanMm: number, pileStepMm: number): Finding[] {
  const written = frame.spacingBetweenSlicesMm;
  if (written === undefined || written === 0) return [];
  // Some write it signed; some along the table where the gantry is tilted.
  const differs = [meanMm, pileStepMm].every(
    (measured) => Math.abs(measured - Math.abs(written)) > Math.max(sameMm, sameRelative * measured),
  );
  if (!differs) return [];
  return [
    finding(
      "SPACING_DISAGREES",
      `The slices lie ${mm(meanMm)} mm apart, Spacing Between Slices says ${mm(written)}; the positions count.`,
      { measuredMm: meanMm, writtenMm: written },
    ),
  ];
}

const mm = (value: number) => String(Number(value.toFixed(3)));
