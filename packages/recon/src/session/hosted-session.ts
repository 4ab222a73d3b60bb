/**
 * One session on the node that hosts it: applies the pages' inputs, draws what each page is owed, tells the standby and the
 * ledger what there is to keep. Frames wait for neither. A page that does not paint holds up only itself.
 */
import type { Clock } from "@releve/domain/clock";
import type { KernelRunner } from "@releve/kernels/kernel-runner";
import { evolveView } from "@releve/wire/session/evolve-view";
import {
  begun,
  changedViewports,
  dueFrame,
  newFrameFlow,
  owing,
  painted,
  resting,
  sized,
  type DueFrame,
  type FrameFlow,
} from "@releve/wire/session/frame-flow";
import { encodeFrame, type FrameHeader } from "@releve/wire/session/frame-header";
import type { FromHost, SessionPlace } from "@releve/wire/session/link-messages";
import type { PageMessage } from "@releve/wire/session/page-messages";
import { appliedOf, type ViewState } from "@releve/wire/session/view-state";
import type { NumberedInput } from "@releve/wire/session/session-input";
import { drawFrame, type DrawnFrame } from "./draw-frame.ts";
import { encodePicture } from "./encode-picture.ts";
import { circleStatistics, probe } from "./read-values.ts";
import type { SessionVolume } from "./session-volume.ts";

export type PageLink = {
  readonly page: string;
  readonly tell: (message: FromHost) => void;
  readonly show: (frame: Uint8Array) => void;
};

/** A runner that names its engines. */
export type NamedRunner = KernelRunner & { readonly engine: string };

export type HostedOptions = {
  readonly epoch: number;
  readonly volume: SessionVolume;
  readonly view: ViewState;
  readonly runner: NamedRunner;
  readonly clock: Clock;
  readonly host: Pick<SessionPlace, "node" | "site">;
  readonly standby: Pick<SessionPlace, "node" | "site"> | null;
  /** Told of each state that the standby shall have; it takes the latest when it can. */
  readonly mirror: (view: ViewState) => void;
  readonly onFault: (error: unknown) => void;
};

/** Without an input for this long the picture is drawn without loss. */
const restAfterMs = 150;
/** Without an input for this long the state is told to the ledger and to every page. */
const settledAfterMs = 500;
/** Probes of one page that wait; the next one is answered by nobody. */
const probesMost = 4;

type Drawn = {
  readonly page: Page;
  readonly due: DueFrame;
  readonly frame: number;
  readonly view: ViewState;
  readonly drawn: DrawnFrame;
  readonly computeMs: number;
};

type Page = { readonly link: PageLink; flow: FrameFlow; probes: number };

export class HostedSession {
  readonly #options: HostedOptions;
  readonly #pages = new Map<string, Page>();
  #view: ViewState;
  #checkpointed: ViewState | undefined;
  #drawing = false;
  #rest: NodeJS.Timeout | undefined;
  #settled: NodeJS.Timeout | undefined;
  #ended = false;
  readonly #toMeasure = new Set<string>();
  #measuring = false;

  constructor(options: HostedOptions) {
    this.#options = options;
    this.#view = options.view;
  }

  get view(): ViewState {
    return this.#view;
  }

  get pages(): number {
    return this.#pages.size;
  }

  attach(link: PageLink): void {
    this.#pages.set(link.page, { link, flow: newFrameFlow, probes: 0 });
    const { epoch, host, standby, volume, runner } = this.#options;
    link.tell({
      type: "opened",
      epoch,
      host,
      standby,
      view: this.#view,
      home: volume.home,
      geometry: volume.volume.geometry,
      modality: volume.modality,
      unit: volume.unit,
      engine: runner.engine.slice(0, 200),
    });
    this.#measure(this.#view.annotations.map(({ id }) => id));
  }

  /** Only the link that is attached: a page that came again has another one. */
  detach(link: PageLink): void {
    if (this.#pages.get(link.page)?.link === link) this.#pages.delete(link.page);
  }

  take(link: PageLink, message: PageMessage): void {
    const page = this.#pages.get(link.page);
    if (!page || page.link !== link) return;
    switch (message.type) {
      case "input":
        return this.#apply(page, message);
      case "size":
        page.flow = sized(page.flow, message.viewport, message.size ?? undefined);
        this.#soonRest();
        return this.#draw();
      case "painted":
        page.flow = painted(page.flow, message.frame);
        return this.#draw();
      case "probe":
        return void this.#probe(page, message);
    }
  }

  /** The standby or the ledger has these inputs. */
  kept(applied: ViewState["applied"], by: "standby" | "ledger"): void {
    for (const { link } of this.#pages.values()) {
      const sequence = appliedOf({ applied }, link.page);
      if (sequence > 0) link.tell({ type: "kept", sequence, by });
    }
  }

  end(code: string, reason: string): void {
    this.#ended = true;
    clearTimeout(this.#rest);
    clearTimeout(this.#settled);
    for (const { link } of this.#pages.values()) link.tell({ type: "refused", code, reason });
    this.#pages.clear();
  }

  #apply(page: Page, input: NumberedInput): void {
    // A page speaks for itself alone: its numbers tell which of its inputs are in the state.
    if (input.page !== page.link.page) return;
    const before = this.#view;
    this.#view = evolveView(before, { page: input.page, sequence: input.sequence, input: input.input });
    if (this.#view === before) return;
    const changed = changedViewports(before, this.#view);
    for (const each of this.#pages.values()) each.flow = owing(each.flow, changed);
    this.#options.mirror(this.#view);
    if (input.input.type === "annotate") this.#measure([input.input.annotation.id]);
    this.#soonRest();
    this.#soonSettled();
    this.#draw();
  }

  #soonRest(): void {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      for (const page of this.#pages.values()) page.flow = resting(page.flow);
      this.#draw();
    }, restAfterMs);
  }

  #soonSettled(): void {
    clearTimeout(this.#settled);
    this.#settled = setTimeout(() => {
      for (const { link } of this.#pages.values())
        link.tell({ type: "view", epoch: this.#options.epoch, view: this.#view });
      this.#checkpoint();
    }, settledAfterMs);
  }

  /** One link is enough: each leads to an API, and that to the one ledger. */
  #checkpoint(): void {
    const [page] = this.#pages.values();
    if (!page || this.#checkpointed === this.#view) return;
    this.#checkpointed = this.#view;
    page.link.tell({ type: "checkpoint", epoch: this.#options.epoch, view: this.#view });
  }

  /** One frame is computed at a time; the one before is encoded meanwhile. */
  #draw(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    void this.#drawAll().finally(() => {
      this.#drawing = false;
      if (this.#nextPage()) this.#draw();
    });
  }

  /** Ends when nothing is owed: each turn owes one frame less, and only inputs and paintings owe more. */
  async #drawAll(): Promise<void> {
    for (let page = this.#nextPage(); page && !this.#ended; page = this.#nextPage()) {
      const due = dueFrame(page.flow)!;
      page.flow = begun(page.flow, due);
      await this.#drawOne(page, due, page.flow.frames);
    }
  }

  /** Pages in turn: who was served goes to the end. */
  #nextPage(): Page | undefined {
    for (const [key, page] of this.#pages) {
      if (!dueFrame(page.flow)) continue;
      this.#pages.delete(key);
      this.#pages.set(key, page);
      return page;
    }
    return undefined;
  }

  /** Resolves when the frame is computed; it is encoded and sent while the next one is. */
  async #drawOne(page: Page, due: DueFrame, frame: number): Promise<void> {
    const view = this.#view;
    const { runner, volume, clock } = this.#options;
    const startedMs = clock.nowMs();
    try {
      const drawn = await drawFrame(runner, volume, view, due);
      const computeMs = clock.nowMs() - startedMs;
      void this.#encodeOne({ page, due, frame, view, drawn, computeMs });
    } catch (error) {
      this.#lost(page, frame, error);
    }
  }

  async #encodeOne({ page, due, frame, view, drawn, computeMs }: Drawn): Promise<void> {
    const { epoch, clock } = this.#options;
    const startedMs = clock.nowMs();
    try {
      const { encoding, picture } = await encodePicture(drawn, due.quality);
      const header: FrameHeader = {
        epoch,
        viewport: due.viewport,
        frame,
        sequence: appliedOf(view, page.link.page),
        encoding,
        quality: due.quality,
        bitDepth: 8,
        window: view.window,
        plane: drawn.plane,
        computeMs,
        encodeMs: clock.nowMs() - startedMs,
      };
      page.link.show(encodeFrame(header, picture));
    } catch (error) {
      this.#lost(page, frame, error);
    }
  }

  /** A frame that failed is paid back, so that the next change draws again; it is not tried for ever by itself. */
  #lost(page: Page, frame: number, error: unknown): void {
    page.flow = painted(page.flow, frame);
    if (!this.#ended) this.#options.onFault(error);
  }

  async #probe(page: Page, { id, pointLps }: Extract<PageMessage, { type: "probe" }>): Promise<void> {
    if (page.probes >= probesMost) return;
    page.probes += 1;
    const { runner, volume } = this.#options;
    try {
      const value = await probe(runner, volume, pointLps);
      page.link.tell({ type: "probed", id, value, unit: volume.unit });
    } catch (error) {
      this.#options.onFault(error);
    } finally {
      page.probes -= 1;
    }
  }

  /** One after the other, each circle once, however often it is dragged meanwhile. */
  #measure(annotations: readonly string[]): void {
    for (const annotation of annotations) this.#toMeasure.add(annotation);
    if (this.#measuring) return;
    this.#measuring = true;
    void this.#measureAll()
      .catch((error: unknown) => this.#options.onFault(error))
      .finally(() => (this.#measuring = false));
  }

  async #measureAll(): Promise<void> {
    const { runner, volume } = this.#options;
    for (const annotation of this.#toMeasure) {
      this.#toMeasure.delete(annotation);
      const circle = this.#view.annotations.find(({ id }) => id === annotation);
      if (this.#ended || circle?.kind !== "circle") continue;
      const found = await circleStatistics(runner, volume, circle);
      if (!found) continue;
      for (const { link } of this.#pages.values())
        link.tell({ type: "statistics", annotation, ...found, unit: volume.unit });
    }
  }
}
