/** Decodes and paints the frames of one viewport. Latest wins here too: of the frames that wait only the newest is decoded. */
import type { FrameHeader } from "@releve/wire/session/frame-header";
import type { Shown } from "./session-client.ts";

export type Painted = { readonly header: FrameHeader; readonly bitmap: ImageBitmap };

type Waiting = { readonly shown: Shown; readonly painted: () => void };

export class FramePainter {
  readonly #paint: (painted: Painted) => void;
  #current: Painted | undefined;
  #waiting: Waiting | undefined;
  #decoding = false;

  /** @param paint draws it, and whatever lies over it. */
  constructor(paint: (painted: Painted) => void) {
    this.#paint = paint;
  }

  readonly take = (shown: Shown, painted: () => void): void => {
    this.#waiting?.painted();
    this.#waiting = { shown, painted };
    if (!this.#decoding) void this.#decodeAll();
  };

  /** Again, because what lies over it has changed. */
  readonly repaint = (): void => {
    if (this.#current) this.#paint(this.#current);
  };

  async #decodeAll(): Promise<void> {
    this.#decoding = true;
    for (let next = this.#waiting; next; next = this.#waiting) {
      this.#waiting = undefined;
      await this.#decodeOne(next);
    }
    this.#decoding = false;
  }

  /** A picture that cannot be decoded is passed over: the next one comes with the next input. */
  async #decodeOne({ shown: { header, picture }, painted }: Waiting): Promise<void> {
    try {
      const bitmap = await createImageBitmap(picture);
      this.#current?.bitmap.close();
      this.#current = { header, bitmap };
      this.#paint(this.#current);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    } finally {
      painted();
    }
  }
}
