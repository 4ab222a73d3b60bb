/** Groups what a source gives: a batch is full, or its first item has waited long enough. Asks for no more than it hands on. */
import type { Clock } from "@releve/domain/clock";

export async function* batched<T>(
  source: AsyncIterable<T>,
  limits: { readonly maxItems: number; readonly maxWaitMs: number },
  clock: Clock,
): AsyncGenerator<T[]> {
  const items = source[Symbol.asyncIterator]();
  const pull = () => {
    const next = items.next();
    next.catch(() => {}); // awaited by whoever takes it, perhaps after a batch was handed on
    return next;
  };
  let next = pull();
  for (let first = await next; !first.done; first = await next) {
    const batch = [first.value];
    next = pull();
    const late = clock.wait(limits.maxWaitMs).then(() => "late" as const);
    while (batch.length < limits.maxItems) {
      const got = await Promise.race([next, late]);
      if (got === "late" || got.done) break;
      batch.push(got.value);
      next = pull();
    }
    yield batch;
  }
}
