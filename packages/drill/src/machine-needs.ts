/** What a fault asks of the machine. What is missing is said, and the drill is then listed as not run. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

export type Need = "root" | "loop" | "namespaces" | "slow-line" | "faketime" | "git" | "orthanc";

const probes: { readonly [N in Need]: { readonly works: () => boolean; readonly missing: string } } = {
  root: { works: () => process.getuid?.() === 0, missing: "it takes root" },
  loop: {
    works: () => succeeds("losetup", ["--find"]) && succeeds("mkfs.ext4", ["-V"]),
    missing: "there is no free loop device or no mkfs.ext4",
  },
  namespaces: {
    works: () => succeeds("ip", ["netns", "list"]),
    missing: "the machine allows no network namespaces",
  },
  "slow-line": {
    works: () => existsSync("/dev/net/tun") && succeeds("socat", ["-V"]),
    missing: "there is no TUN device or no socat",
  },
  faketime: { works: () => succeeds("faketime", ["--version"]), missing: "faketime is not installed" },
  orthanc: {
    works: () => succeeds("Orthanc", ["--version"]),
    missing: "Orthanc is not installed",
  },
  git: { works: () => succeeds("git", ["rev-parse", "HEAD~1"]), missing: "there is no previous commit here" },
};

/** Why these needs are not met, or undefined when they are. */
export function whyNot(needs: readonly Need[]): string | undefined {
  const missing = needs.filter((need) => !probes[need].works()).map((need) => probes[need].missing);
  return missing.length === 0 ? undefined : missing.join("; ");
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, [...args], { stdio: "ignore" }).status === 0;
}
