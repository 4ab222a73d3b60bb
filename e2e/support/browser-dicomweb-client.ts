/** The `dicomweb-client` package in a page of the gateway's own origin, called from a test by the name of its methods. */
import { createRequire } from "node:module";
import { chromiumPage } from "./chromium.ts";

const require = createRequire(import.meta.url);
const script = require.resolve("dicomweb-client");

/** What a method's promise became: its value, with bytes as plain numbers, or the HTTP status that it failed with. */
export type Called = { readonly value: unknown } | { readonly status: number };
export type BrowserClient = (method: string, options: object) => Promise<Called>;

type InPage = {
  readonly DICOMwebClient: {
    readonly api: {
      readonly DICOMwebClient: new (options: {
        url: string;
        verbose: boolean;
      }) => Record<string, (options: object) => Promise<unknown>>;
    };
  };
};

/** @param origin of the gateway. Of the options, `datasets` is given as numbers and becomes array buffers in the page. */
export async function browserDicomwebClient(origin: string): Promise<BrowserClient> {
  const page = await chromiumPage();
  await page.route(`${origin}/page`, (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>client</title>" }),
  );
  await page.goto(`${origin}/page`);
  await page.addScriptTag({ path: script });
  return (method, options) => page.evaluate(callInPage, { url: `${origin}/dicom-web`, method, options });
}

type Call = { readonly url: string; readonly method: string; readonly options: object };

/** Runs in the page: it may use nothing from outside itself. */
async function callInPage({ url, method, options }: Call): Promise<Called> {
  const { DICOMwebClient } = (globalThis as unknown as InPage).DICOMwebClient.api;
  const client = new DICOMwebClient({ url, verbose: false });
  const { datasets } = options as { datasets?: number[][] };
  const given = datasets
    ? { ...options, datasets: datasets.map((one) => Uint8Array.from(one).buffer) }
    : options;
  const plain = (value: unknown): unknown => {
    if (value instanceof ArrayBuffer) return [...new Uint8Array(value)];
    return Array.isArray(value) ? value.map(plain) : value;
  };
  try {
    return { value: plain(await client[method]!(given)) };
  } catch (error) {
    const { status } = error as { status?: number };
    if (status === undefined) throw error;
    return { status };
  }
}
