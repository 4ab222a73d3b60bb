/** The configuration table of the README and `deploy/.env.example`, generated from the settings and held to them by a test. */
import { z } from "zod";
import { roles, settingsOf, type Role } from "./settings.ts";

type Documented = {
  readonly variable: string;
  readonly roles: readonly Role[];
  readonly meaning: string;
  readonly fallback: string | undefined;
};

function documented(): Documented[] {
  const byVariable = new Map<string, Documented>();
  for (const role of roles) {
    for (const [variable, schema] of Object.entries(settingsOf[role].shape)) {
      const known = byVariable.get(variable);
      byVariable.set(variable, {
        variable,
        roles: [...(known?.roles ?? []), role],
        meaning: schema.description ?? "",
        fallback: fallbackOf(schema),
      });
    }
  }
  return [...byVariable.values()];
}

function fallbackOf(schema: z.ZodType): string | undefined {
  if (!(schema instanceof z.ZodDefault)) return undefined;
  const value: unknown = schema.def.defaultValue;
  return Array.isArray(value) ? (value.length === 0 ? "" : JSON.stringify(value)) : String(value);
}

export function settingsTable(): string {
  const rows = documented().map(({ variable, roles: of, meaning, fallback }) => {
    const shown = fallback === undefined ? "*required*" : fallback === "" ? "*empty*" : `\`${fallback}\``;
    return `| \`${variable}\` | ${of.join(", ")} | ${meaning} | ${shown} |`;
  });
  return ["| variable | roles | meaning | default |", "|---|---|---|---|", ...rows].join("\n");
}

export function environmentExample(): string {
  const blocks = documented().map(({ variable, roles: of, meaning, fallback }) => {
    const line = fallback === undefined ? `${variable}=` : `#${variable}=${fallback}`;
    return `# ${meaning} (${of.join(", ")})\n${line}`;
  });
  return `# Generated from the settings of each role; the empty ones are required.\n\n${blocks.join("\n\n")}\n`;
}
