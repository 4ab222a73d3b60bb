import type { SiteId } from "@releve/domain/ids";
import { fakeClock } from "@releve/testkit/fake-clock";
import { expect, test } from "vitest";
import { defaultBandwidth } from "./placement.ts";
import { newTransferMeter } from "./transfer-meter.ts";

const [a, b] = ["site-a" as SiteId, "site-b" as SiteId];

test("transfers side by side count together; one way says nothing of the other", async () => {
  const clock = fakeClock();
  const meter = newTransferMeter(clock);
  const first = meter.begin(a, b);
  const second = meter.begin(a, b);
  await clock.advance(500);
  first(2_000_000);
  await clock.advance(500);
  second(2_000_000);
  expect(meter.bandwidth(a, b)).toBe(4_000_000);
  expect(meter.bandwidth(b, a)).toBe(defaultBandwidth(b, a));
});

test("later spells move the figure by a part, and small or odd ones say nothing or little", async () => {
  const clock = fakeClock();
  const meter = newTransferMeter(clock);
  const spell = async (bytes: number, ms: number) => {
    const end = meter.begin(a, b);
    await clock.advance(ms);
    end(bytes);
    return meter.bandwidth(a, b);
  };
  expect(await spell(999_999, 1)).toBe(defaultBandwidth(a, b));
  expect(await spell(2_000_000, 1_000)).toBe(2_000_000);
  expect(await spell(4_000_000, 1_000)).toBeCloseTo(2_600_000);
  expect(await spell(1_000_000, 1_000_000)).toBeCloseTo(1_850_000);
  expect(await spell(0, 60_000)).toBeCloseTo(1_850_000);
});
