/** VTK 9 in a Python process of its own: one command after the other, over its standard streams. */
import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const vtkAbsent =
  "is not installed: apt-get install --no-install-recommends python3-vtk9 xvfb xauth libgl1-mesa-dri brings it";

const python = "/usr/bin/python3";

export function vtkIsThere(): boolean {
  const probe = spawnSync(python, ["-c", "import vtkmodules.vtkRenderingVolume"]);
  return probe.status === 0 && spawnSync("xvfb-run", ["--help"]).status === 0;
}

export type Vtk = {
  /** @returns the milliseconds that VTK took, by the clock and of all processors. @throws when the process has ended. */
  readonly run: (
    command: Readonly<Record<string, unknown>>,
  ) => Promise<{ readonly ms: number; readonly cpuMs: number }>;
  readonly close: () => Promise<void>;
};

export function startVtk(): Vtk {
  const script = fileURLToPath(new URL("./kernels-vtk.py", import.meta.url));
  const child = spawn("xvfb-run", ["-a", python, script], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    run: async (command) => {
      child.stdin.write(`${JSON.stringify(command)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error("VTK has ended");
      return JSON.parse(value) as { ms: number; cpuMs: number };
    },
    close: async () => {
      child.stdin.end();
      await gone;
    },
  };
}
