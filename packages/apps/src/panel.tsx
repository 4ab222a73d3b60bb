/** What an application's folder may add to the console beyond the form and the table that every one gets: a `panel.tsx`. */
import type { Json } from "@releve/domain/canonical-json";
import type { ReadReport } from "@releve/dicom/derived/report/read-measurements";
import type { ReactNode } from "react";

export type Language = "en" | "fr";

export type SummaryProps = {
  readonly language: Language;
  /** As they were stored, in the order of the outputs; the console shows every number of them below the summary. */
  readonly reports: readonly ReadReport[];
  /** As the application wrote them, in English. */
  readonly remarks: readonly string[];
  readonly pictures: readonly { readonly title: string; readonly href: string }[];
  /** A label or a remark in the person's language. */
  readonly say: (english: string) => string;
};

export type FormProps = {
  readonly language: Language;
  readonly value: Json;
  readonly onChange: (value: Json) => void;
};

export type Panel = {
  /** What a reader asks of the result first; a node that returns null shows nothing. */
  readonly Summary?: (props: SummaryProps) => ReactNode;
  /** Above the generated form: what it cannot do well. Both edit the same parameters. */
  readonly Form?: (props: FormProps) => ReactNode;
};
