/**
 * Copies attributes by an allow-list. Nothing else of the source gets through: no private tag, no value that its value
 * representation does not allow.
 */
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { Attributes } from "../data-set/attributes.ts";
import type { AttributeRule } from "./attribute-rule.ts";
import type { Element, Elements } from "./elements.ts";
import { entryOfKeyword } from "../data-set/dicom-dictionary.ts";
import { unusableAttribute } from "./unusable-attribute.ts";
import { isWritable } from "./value-check.ts";

const binaryVrs = new Set(["US", "SS", "UL", "SL", "FL", "FD"]);

/** The elements that the rules let through; a Refusal names the tag of a Type 1 attribute without a usable value. */
export function copyAttributes(rules: readonly AttributeRule[], source: Attributes): Elements | Refusal {
  const elements = new Map<string, Element>();
  for (const rule of rules) {
    const element = copyOne(rule, source);
    if (isRefusal(element)) return element;
    if (element) elements.set(rule.keyword, element);
  }
  for (const { keyword, needsOneOf } of rules)
    if (needsOneOf && !needsOneOf.some((other) => elements.has(other))) elements.delete(keyword);
  return elements;
}

function copyOne(rule: AttributeRule, source: Attributes): Element | Refusal | undefined {
  const usable = rule.items ? usableItems(rule, source) : usableValues(rule, source);
  if (usable) return usable;
  if (rule.identity && source.string(rule.keyword) !== undefined) return unusableAttribute(rule.keyword);
  if (rule.type === "1") return unusableAttribute(rule.keyword);
  const mayBeEmpty = rule.type === "2" || (rule.type === "2C" && source.has(rule.keyword));
  return mayBeEmpty ? emptyElement(rule) : undefined;
}

function emptyElement({ keyword, items }: AttributeRule): Element {
  return items ? { vr: "SQ", items: [] } : { vr: entryOfKeyword(keyword).vr, values: [] };
}

function usableItems({ keyword, items, most }: AttributeRule, source: Attributes): Element | undefined {
  const copied = source
    .items(keyword)
    .slice(0, most)
    .map((item) => copyAttributes(items ?? [], item))
    .filter((item): item is Elements => !isRefusal(item) && item.size > 0);
  return copied.length > 0 ? { vr: "SQ", items: copied } : undefined;
}

function usableValues({ keyword, most, oneOf }: AttributeRule, source: Attributes): Element | undefined {
  const { vr } = entryOfKeyword(keyword);
  const values = binaryVrs.has(vr) ? source.numbers(keyword) : source.strings(keyword);
  const fits = (value: string | number) =>
    typeof value === "number"
      ? Number.isFinite(value)
      : isWritable(vr, value) && (!oneOf || oneOf.includes(value));
  const hasValue = values.some((value) => value !== "");
  return hasValue && values.length <= most && values.every(fits) ? { vr, values } : undefined;
}
