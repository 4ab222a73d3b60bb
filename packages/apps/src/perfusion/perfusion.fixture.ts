/** Curves of tissue whose flow, volume and delay are known: an artery's curve convolved with an exponential. */

/** A gamma-variate bolus in the artery, HU: arrives at 8 s, peaks at 12.5 s. */
export function arteryAt(seconds: number): number {
  const since = seconds - 8;
  return since <= 0 ? 0 : 400 * (since / 4.5) ** 3 * Math.exp(3 - since / 1.5);
}

const fineSeconds = 0.02;

/** CBF in mL/100 mL/min, MTT and delay in s; integrated in steps of 0.02 s. Indexed by time in the order given. */
export function tissueCurve(
  timesSeconds: readonly number[],
  {
    cbf,
    mttSeconds,
    delaySeconds = 0,
  }: { readonly cbf: number; readonly mttSeconds: number; readonly delaySeconds?: number },
): number[] {
  const decay = Math.exp(-fineSeconds / mttSeconds);
  const fine = [0];
  const last = Math.max(...timesSeconds);
  for (let index = 1; index * fineSeconds <= last + fineSeconds; index++) {
    const [before, now] = [arteryAt((index - 1) * fineSeconds), arteryAt(index * fineSeconds)];
    fine.push(fine[index - 1]! * decay + (fineSeconds / 2) * (before * decay + now));
  }
  return timesSeconds.map((seconds) => {
    const at = Math.round((seconds - delaySeconds) / fineSeconds);
    return (cbf / 6000) * (fine[Math.max(0, at)] ?? 0);
  });
}
