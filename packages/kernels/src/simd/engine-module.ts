/** The built WebAssembly: `npm start` and `npm test` build it from `assembly/` when that changed. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { KernelComputeFault } from "../faults.ts";

const built = (name: string) => fileURLToPath(new URL(`../../dist/${name}.wasm`, import.meta.url));

export type EngineBuild = "plain" | "relaxed";

const files: Readonly<Record<EngineBuild, string>> = {
  plain: built("simd-engine"),
  relaxed: built("simd-engine-relaxed"),
};

/** The faster build that this runtime knows: relaxed SIMD is invalid before Node 22. @throws KernelComputeFault when not built. */
export function bestBuild(): EngineBuild {
  return WebAssembly.validate(readBuild("relaxed")) ? "relaxed" : "plain";
}

/** @throws KernelComputeFault when not built. */
export function compileBuild(build: EngineBuild): WebAssembly.Module {
  return new WebAssembly.Module(readBuild(build));
}

function readBuild(build: EngineBuild): Uint8Array<ArrayBuffer> {
  if (!existsSync(files[build]))
    throw new KernelComputeFault(
      "the SIMD engine is not built: `node packages/tooling/setup/build-simd-engine.mjs` builds it",
    );
  return new Uint8Array(readFileSync(files[build]));
}
