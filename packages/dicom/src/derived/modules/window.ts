/** VOI LUT, PS3.3 C.11.2, as one linear window in real-world values. */
import type { Attributes } from "../../data-set/attributes.ts";
import { decimalString } from "../decimal-string.ts";
import type { DerivedSeries } from "../derived-series.ts";
import { elementsOf, type Elements } from "../elements.ts";

type Window = { readonly center: number; readonly width: number };

/** Empty where neither the series nor the source, in the same unit, names a usable window. */
export function windowElements(
  series: Pick<DerivedSeries, "window" | "realWorld">,
  source: Attributes,
): Elements {
  const window = series.window ?? (series.realWorld ? undefined : sourceWindow(source));
  if (!window || !(window.width > 0) || !Number.isFinite(window.center + window.width)) return elementsOf({});
  return elementsOf({
    WindowCenter: decimalString(window.center),
    WindowWidth: decimalString(window.width),
    // C.11.2.1.2: LINEAR needs a width of at least 1, which small units such as SUV do not have.
    VOILUTFunction: window.width < 1 ? "LINEAR_EXACT" : undefined,
  });
}

function sourceWindow(source: Attributes): Window | undefined {
  const center = source.number("WindowCenter");
  const width = source.number("WindowWidth");
  return center === undefined || width === undefined ? undefined : { center, width };
}
