/** The view state after an input. Pure, in patient millimetres; the node and the page run the same. */
import { add, cross, dot, normalize, scale, subtract, type Vec3 } from "@releve/domain/vec3";
import type { NumberedInput, SessionInput } from "./session-input.ts";
import {
  annotationLimits,
  appliedOf,
  fieldLimitsMm,
  pagesMost,
  viewports,
  type Annotation,
  type Camera,
  type Viewport,
  type ViewState,
} from "./view-state.ts";
import { intoPicture } from "./viewport-plane.ts";

type Of<Type extends SessionInput["type"]> = Extract<SessionInput, { type: Type }>;

/** An input that this state holds already changes nothing, so that a page may send again whatever may have been lost. */
export function evolveView(view: ViewState, { page, sequence, input }: NumberedInput): ViewState {
  if (sequence <= appliedOf(view, page)) return view;
  const others = view.applied.filter((one) => one.page !== page).slice(1 - pagesMost);
  const applied = [...others, { page, sequence }];
  const evolve = evolvers[input.type] as Evolve<SessionInput["type"]>;
  return { ...evolve(view, input), inputs: view.inputs + 1, applied };
}

type Evolve<Type extends SessionInput["type"]> = (view: ViewState, input: Of<Type>) => ViewState;

/** An input that is missing here does not compile. */
const evolvers: { readonly [Type in SessionInput["type"]]: Evolve<Type> } = {
  scroll,
  crosshair: (view, { pointLps }) => ({ ...view, crosshairLps: pointLps }),
  window: (view, { window }) => ({ ...view, window }),
  pan,
  zoom,
  rotate: (view, input) => (input.viewport === "volume" ? turnWhole(view, input) : turnOthers(view, input)),
  slab: (view, { slab }) => ({ ...view, slab }),
  "volume-mode": (view, { mode }) => ({ ...view, volumeMode: mode }),
  camera: (view, { viewport, camera }) => withCamera(view, viewport, camera),
  annotate: (view, { annotation }) => changeAnnotation(view, annotation.id, annotation),
  erase: (view, { id }) => changeAnnotation(view, id, null),
  undo,
};

function withCamera(view: ViewState, viewport: Viewport, camera: Camera): ViewState {
  return { ...view, cameras: { ...view.cameras, [viewport]: camera } };
}

/** Beyond what the schema takes nothing moves: what a state holds can always be sent and kept. */
const farthestMm = 9_999;
const inReach = (point: Vec3): boolean => point.every((part) => Math.abs(part) <= farthestMm);

function scroll(view: ViewState, { viewport, mm }: Of<"scroll">): ViewState {
  if (viewport === "volume") return view;
  const crosshairLps = add(view.crosshairLps, scale(intoPicture(view.cameras[viewport]), mm));
  return inReach(crosshairLps) ? { ...view, crosshairLps } : view;
}

/** What is seen moves to the right, so the middle of the picture moves to the left. */
function pan(view: ViewState, { viewport, rightMm, downMm }: Of<"pan">): ViewState {
  const camera = view.cameras[viewport];
  const moved = add(scale(camera.rightLps, rightMm), scale(camera.downLps, downMm));
  const centreLps = subtract(camera.centreLps, moved);
  return inReach(centreLps) ? withCamera(view, viewport, { ...camera, centreLps }) : view;
}

function zoom(view: ViewState, { viewport, factor }: Of<"zoom">): ViewState {
  const camera = view.cameras[viewport];
  const fieldMm = Math.min(fieldLimitsMm.most, Math.max(fieldLimitsMm.least, camera.fieldMm / factor));
  return withCamera(view, viewport, { ...camera, fieldMm });
}

/** Rodrigues' formula; `axis` is a unit vector. */
function turned(vector: Vec3, axis: Vec3, radians: number): Vec3 {
  const [sine, cosine] = [Math.sin(radians), Math.cos(radians)];
  return add(
    add(scale(vector, cosine), scale(cross(axis, vector), sine)),
    scale(axis, dot(axis, vector) * (1 - cosine)),
  );
}

/** Thousands of small turns must not let the two drift from unit length and right angles. */
function turnedCamera(camera: Camera, axis: Vec3, radians: number): Camera {
  const rightLps = normalize(turned(camera.rightLps, axis, radians));
  const down = turned(camera.downLps, axis, radians);
  const downLps = normalize(subtract(down, scale(rightLps, dot(down, rightLps))));
  return { ...camera, rightLps, downLps };
}

/** The patient turns with the hand, so the camera turns against it. */
function turnWhole(view: ViewState, { rightRadians, downRadians }: Of<"rotate">): ViewState {
  const first = view.cameras.volume;
  const second = turnedCamera(first, first.downLps, rightRadians);
  return withCamera(view, "volume", turnedCamera(second, second.rightLps, -downRadians));
}

/** The other two planes turn about the axis that looks into this one; this one stays. */
function turnOthers(view: ViewState, { viewport, rightRadians }: Of<"rotate">): ViewState {
  const axis = intoPicture(view.cameras[viewport]);
  return viewports
    .filter((other) => other !== viewport && other !== "volume")
    .reduce((next, other) => withCamera(next, other, turnAbout(view, other, axis, rightRadians)), view);
}

/** About the crosshair, which stays where it is in the picture. */
function turnAbout(view: ViewState, viewport: Viewport, axis: Vec3, radians: number): Camera {
  const camera = turnedCamera(view.cameras[viewport], axis, radians);
  const offset = subtract(camera.centreLps, view.crosshairLps);
  const centreLps = add(view.crosshairLps, turned(offset, axis, radians));
  return inReach(centreLps) ? { ...camera, centreLps } : camera;
}

/** At the limit nothing is added; what is there can still change and go. */
function changeAnnotation(view: ViewState, id: string, after: Annotation | null): ViewState {
  const before = view.annotations.find((one) => one.id === id) ?? null;
  if (before === null && (after === null || view.annotations.length >= annotationLimits.most)) return view;
  const undoable = [...view.undo, { id, before }].slice(-annotationLimits.undoMost);
  return { ...view, annotations: replaced(view.annotations, id, after), undo: undoable };
}

function replaced(
  annotations: readonly Annotation[],
  id: string,
  after: Annotation | null,
): readonly Annotation[] {
  if (after === null) return annotations.filter((one) => one.id !== id);
  if (!annotations.some((one) => one.id === id)) return [...annotations, after];
  return annotations.map((one) => (one.id === id ? after : one));
}

function undo(view: ViewState): ViewState {
  const last = view.undo.at(-1);
  if (!last) return view;
  const annotations = replaced(view.annotations, last.id, last.before);
  if (annotations.length > annotationLimits.most) return view;
  return { ...view, annotations, undo: view.undo.slice(0, -1) };
}
