/** Hears what a running drill says of itself. A drill that falls silent has ended, however it ended. */
import { systemClock, type Clock } from "@releve/domain/clock";
import { connectCore, type CoreOptions } from "./core-connection.ts";
import {
  drillStatusEveryMs,
  drillStatusSchema,
  drillStatusSubject,
  type DrillStatus,
} from "./drill-status.ts";

export type DrillListener = {
  /** Undefined while none runs. */
  readonly running: () => DrillStatus | undefined;
  readonly stop: () => Promise<void>;
};

const silenceMs = 4 * drillStatusEveryMs;

/** @throws WireFault WIRE_UNREACHABLE */
export async function listenToDrills(
  options: CoreOptions & { readonly clock?: Clock },
): Promise<DrillListener> {
  const { clock = systemClock } = options;
  const connection = await connectCore(options);
  let heard: { readonly status: DrillStatus; readonly atMs: number } | undefined;
  connection.subscribe(drillStatusSubject, {
    callback: (error, message) => {
      const status = error ? undefined : statusIn(message.string());
      if (status) heard = { status, atMs: clock.nowMs() };
    },
  });
  return {
    running: () => (heard && clock.nowMs() - heard.atMs < silenceMs ? heard.status : undefined),
    stop: () => connection.close(),
  };
}

/** Undefined for what is no drill's word. */
function statusIn(text: string): DrillStatus | undefined {
  try {
    return drillStatusSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
