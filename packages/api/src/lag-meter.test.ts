import type { Position } from "@releve/ledger/event-log";
import { expect, test } from "vitest";
import { lagMeter } from "./lag-meter.ts";

const at = (position: number): Position => position as Position;

test("before the ledger has said where its end is, only the time is known", () => {
  expect(lagMeter(1_000).lag(1_500)).toEqual({ commits: null, ms: 500 });
});

test("it grows while the model stays behind, and is gone when it arrives", () => {
  const meter = lagMeter(0);
  meter.ledgerIsAt(at(100), 100);
  meter.modelIsAt(at(40), 150);
  expect(meter.lag(250)).toEqual({ commits: 60, ms: 250 });
  meter.modelIsAt(at(100), 300);
  expect(meter.lag(900)).toEqual({ commits: 0, ms: 0 });
  meter.ledgerIsAt(at(101), 1_000);
  expect(meter.lag(1_200)).toEqual({ commits: 1, ms: 200 });
});

test("a model that heard of more than the last answer of the ledger is not behind", () => {
  const meter = lagMeter(0);
  meter.ledgerIsAt(at(5), 10);
  meter.modelIsAt(at(7), 20);
  expect(meter.lag(30)).toEqual({ commits: 0, ms: 0 });
});

test("an empty ledger is reached at once", () => {
  const meter = lagMeter(0);
  meter.ledgerIsAt(undefined, 10);
  expect(meter.lag(30)).toEqual({ commits: 0, ms: 0 });
});
