/** One viewport: a canvas that shows the node's frames with what lies over them. */
import { viewportSideMost } from "@releve/wire/session/page-messages";
import type { Viewport } from "@releve/wire/session/view-state";
import { useEffect, useRef, useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { drawOverlay } from "./draw-overlay.ts";
import { FramePainter, type Painted } from "./frame-painter.ts";
import type { SessionClient, SessionSnapshot, Shown } from "./session-client.ts";
import { useHand } from "./use-hand.ts";
import { useLabels } from "./use-labels.ts";
import type { Tool } from "./viewport-tools.ts";

export type Painters = Map<Viewport, (shown: Shown, painted: () => void) => void>;

type ViewportPaneProps = {
  readonly viewport: Viewport;
  readonly client: SessionClient;
  readonly painters: Painters;
  readonly snapshot: SessionSnapshot;
  readonly tool: Tool;
};

export function ViewportPane({ viewport, client, painters, snapshot, tool }: ViewportPaneProps) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const labels = useLabels(snapshot);
  const { handlers, draft } = useHand({ canvas, viewport, client, tool });
  const { view, pending } = snapshot;
  const painter = usePainter(({ header, bitmap }) => {
    const context = canvas.current?.getContext("2d");
    if (!context || !view) return;
    context.drawImage(bitmap, 0, 0, context.canvas.width, context.canvas.height);
    drawOverlay(context, {
      header,
      view,
      draft,
      pending,
      label: labels.annotation,
      corner: labels.corner(viewport, header),
      quality: labels.quality(header),
    });
    const { sequence, epoch, quality } = header;
    Object.assign(context.canvas.dataset, { sequence: String(sequence), epoch: String(epoch), quality });
  });
  useEffect(() => painter.repaint());
  useEffect(() => {
    painters.set(viewport, painter.take);
    return () => void painters.delete(viewport);
  }, [painters, viewport, painter]);
  useSize(canvas, (size) => client.resize(viewport, size));
  return (
    <canvas
      ref={canvas}
      tabIndex={0}
      role="img"
      aria-label={labels.viewportName(viewport)}
      aria-description={t("sessionKeys")}
      style={{ width: "100%", height: "100%", display: "block", background: "#000", touchAction: "none" }}
      {...handlers}
    />
  );
}

/** One painter for as long as the viewport is there; it paints with what the page knows now. */
function usePainter(paint: (painted: Painted) => void): FramePainter {
  const latest = useRef(paint);
  latest.current = paint;
  const [painter] = useState(() => new FramePainter((painted) => latest.current(painted)));
  return painter;
}

type Size = { readonly width: number; readonly height: number };

/** The canvas has as many pixels as the screen there, and the node is told. */
function useSize(
  canvas: RefObject<HTMLCanvasElement | null>,
  onSize: (size: Size | undefined) => void,
): void {
  const tell = useRef(onSize);
  tell.current = onSize;
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      const size = { width: pixels(element.clientWidth), height: pixels(element.clientHeight) };
      Object.assign(element, size);
      tell.current(size);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      tell.current(undefined);
    };
  }, [canvas]);
}

const pixels = (css: number): number =>
  Math.min(viewportSideMost, Math.max(16, Math.round(css * window.devicePixelRatio)));
