/** One JSON line per thing that an operator should know. Codes and sentences only: never a value from a data set. */
import { Fault } from "@releve/domain/fault";

export type RoleLog = (what: string, more?: Readonly<Record<string, string | number>>) => void;

export function roleLog(role: string, name: string): RoleLog {
  return (what, more = {}) =>
    process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), role, name, what, ...more })}\n`);
}

export function logFault(log: RoleLog, doing: string): (fault: unknown) => void {
  return (fault) => {
    if (fault instanceof Fault) return log(doing, { code: fault.code, reason: fault.message });
    log(doing, {
      code: "BUG",
      reason: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault),
    });
  };
}
