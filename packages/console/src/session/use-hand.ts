/** What mouse, touch and keys do in one viewport: drags, drawing, probing. */
import type { Vec3 } from "@releve/domain/vec3";
import { intoPicture } from "@releve/wire/session/viewport-plane";
import type { Annotation, Viewport } from "@releve/wire/session/view-state";
import {
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  type WheelEvent,
} from "react";
import { pointUnder } from "./draw-overlay.ts";
import { draftOf, isComplete, type Drawing } from "./drawing.ts";
import type { SessionClient } from "./session-client.ts";
import {
  inputOfDrag,
  inputOfWheel,
  isDragTool,
  meaningOfKey,
  stepMmOf,
  toolOfButton,
  type DragTool,
  type Tool,
} from "./viewport-tools.ts";

export type HandOptions = {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly viewport: Viewport;
  readonly client: SessionClient;
  readonly tool: Tool;
};

type Held = { readonly tool: DragTool; x: number; y: number };

type Hand = HandOptions & {
  readonly held: RefObject<Held | undefined>;
  readonly drawing: Drawing | undefined;
  readonly setDrawing: (drawing: Drawing | undefined) => void;
  readonly setPointer: (point: Vec3) => void;
};

type On<Event> = (event: Event) => void;

export type HandHandlers = {
  readonly onPointerDown: On<PointerEvent<HTMLCanvasElement>>;
  readonly onPointerMove: On<PointerEvent<HTMLCanvasElement>>;
  readonly onPointerUp: () => void;
  readonly onPointerCancel: () => void;
  readonly onContextMenu: On<{ readonly preventDefault: () => void }>;
  readonly onWheel: On<WheelEvent<HTMLCanvasElement>>;
  readonly onKeyDown: On<KeyboardEvent<HTMLCanvasElement>>;
};

/** @returns what to put on the canvas, and the annotation that is being drawn. */
export function useHand(options: HandOptions): {
  readonly handlers: HandHandlers;
  readonly draft: Annotation | undefined;
} {
  const held = useRef<Held>(undefined);
  const [drawing, setDrawing] = useState<Drawing>();
  const [pointer, setPointer] = useState<Vec3>();
  const hand: Hand = { ...options, held, drawing, setDrawing, setPointer };
  const letGo = () => void (held.current = undefined);
  return {
    draft: draftOf(drawing, pointer),
    handlers: {
      onPointerDown: (event) => press(hand, event),
      onPointerMove: (event) => move(hand, event),
      onPointerUp: letGo,
      onPointerCancel: letGo,
      onContextMenu: (event) => event.preventDefault(),
      onWheel: (event) => turnWheel(hand, event),
      onKeyDown: (event) => pressKey(hand, event),
    },
  };
}

function stepMm({ client, viewport }: Hand): number {
  const { view, opened } = client.snapshot();
  return view && opened ? stepMmOf(view, viewport, opened.geometry) : 1;
}

function drag(hand: Hand, tool: DragTool, right: number, down: number): void {
  const { canvas, client, viewport } = hand;
  const { view } = client.snapshot();
  if (!canvas.current || !view) return;
  const size = { width: canvas.current.clientWidth, height: canvas.current.clientHeight };
  const input = inputOfDrag(tool, { view, viewport, size, right, down, stepMm: stepMm(hand) });
  if (input) client.input(input);
}

/** In the view of the whole a pixel is no point of the patient. */
function under({ client, viewport }: Hand, event: PointerEvent<HTMLCanvasElement>): Vec3 | undefined {
  const { view } = client.snapshot();
  if (!view || viewport === "volume") return undefined;
  const box = event.currentTarget.getBoundingClientRect();
  return pointUnder(view, viewport, box, event.clientX - box.left, event.clientY - box.top);
}

function press(hand: Hand, event: PointerEvent<HTMLCanvasElement>): void {
  const { client, held, tool } = hand;
  const meant = toolOfButton(event.button, tool);
  if (!meant) return;
  const wantsCrosshair = event.button === 0 && event.shiftKey;
  if (isDragTool(meant) && !wantsCrosshair) {
    event.currentTarget.setPointerCapture(event.pointerId);
    held.current = { tool: meant, x: event.clientX, y: event.clientY };
    return;
  }
  const point = under(hand, event);
  if (!point) return;
  if (wantsCrosshair || tool === "crosshair") client.input({ type: "crosshair", pointLps: point });
  else setPoint(hand, point);
}

function setPoint({ client, viewport, tool, drawing, setDrawing }: Hand, point: Vec3): void {
  const { view } = client.snapshot();
  if (!view || isDragTool(tool) || tool === "crosshair") return;
  const fresh: Drawing = {
    id: crypto.randomUUID(),
    kind: tool,
    viewport,
    normalLps: intoPicture(view.cameras[viewport]),
    points: [],
  };
  const before = drawing?.kind === tool ? drawing : fresh;
  const next = { ...before, points: [...before.points, point] };
  if (!isComplete(next)) return setDrawing(next);
  setDrawing(undefined);
  client.input({ type: "annotate", annotation: draftOf(next, undefined)! });
}

/** A scroll waits until the hand has gone far enough for one plane. */
const scrollFromPixels = 4;

function move(hand: Hand, event: PointerEvent<HTMLCanvasElement>): void {
  const { client, held, tool, drawing } = hand;
  const dragged = held.current;
  if (dragged) {
    const [right, down] = [event.clientX - dragged.x, event.clientY - dragged.y];
    if (dragged.tool === "scroll" && Math.abs(down) < scrollFromPixels) return;
    Object.assign(dragged, { x: event.clientX, y: event.clientY });
    return drag(hand, dragged.tool, right, down);
  }
  const point = under(hand, event);
  if (!point) return;
  client.probe(point);
  if (tool === "crosshair" && event.buttons === 1) client.input({ type: "crosshair", pointLps: point });
  if (drawing) hand.setPointer(point);
}

const wheelNotch = 100;

function turnWheel(hand: Hand, event: WheelEvent<HTMLCanvasElement>): void {
  const notches = Math.sign(event.deltaY) * Math.max(1, Math.abs(event.deltaY) / wheelNotch);
  const input = inputOfWheel(hand.viewport, notches, event.ctrlKey, stepMm(hand));
  if (input) hand.client.input(input);
}

function pressKey(hand: Hand, event: KeyboardEvent<HTMLCanvasElement>): void {
  const { client, viewport, tool } = hand;
  const { opened } = client.snapshot();
  if (event.key === "Escape") return hand.setDrawing(undefined);
  if (event.key === "Home" && opened)
    return client.input({ type: "camera", viewport, camera: opened.home.cameras[viewport] });
  const meant = meaningOfKey(event.key, event.shiftKey, { viewport, tool, stepMm: stepMm(hand) });
  if (!meant) return undefined;
  event.preventDefault();
  return meant.is === "drag" ? drag(hand, meant.tool, meant.right, meant.down) : client.input(meant.input);
}
