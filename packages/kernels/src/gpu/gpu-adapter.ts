/** The adapter that Dawn gives, and whether it is one: a software adapter is slower than WebAssembly on the same cores. */
import { create, globals } from "webgpu";

export type UsableAdapter = {
  /** The largest array that a shader may read, bytes: a volume must fit in it. */
  readonly bindingBytesMax: number;
};

type AdapterInfo = {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter?: boolean;
};

/** Mesa's llvmpipe and lavapipe, Chromium's SwiftShader, Windows' WARP. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

export function isSoftware({
  vendor,
  architecture,
  device,
  description,
  isFallbackAdapter,
}: AdapterInfo): boolean {
  return (
    isFallbackAdapter === true || softwareNames.test([vendor, architecture, device, description].join(" "))
  );
}

/**
 * Makes `navigator.gpu`, which gpu.js looks for. For the life of the process: Dawn's objects must not be collected before it.
 * @returns why there is no adapter to be used, or the adapter.
 */
export async function openAdapter(allowSoftware: boolean): Promise<UsableAdapter | string> {
  Object.assign(globalThis, globals);
  const gpu = create([]);
  Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
  const adapter = await gpu.requestAdapter();
  if (!adapter) return "no WebGPU adapter: a Vulkan driver and libvulkan are needed";
  const { info, limits } = adapter;
  if (!allowSoftware && isSoftware(info))
    return `the only WebGPU adapter is software (${info.description || info.device}), which is slower than webasm`;
  return { bindingBytesMax: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize) };
}
