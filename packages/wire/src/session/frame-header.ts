/**
 * A frame on the wire: a header of fixed length, then the encoded picture. Little endian. The header says what the picture
 * is, so that the page draws annotations where they lie in *this* picture and marks what is lossless.
 */
import type { Vec3 } from "@releve/domain/vec3";
import type { PlaneGeometry } from "@releve/domain/volume";
import { viewports, type DisplayWindow, type Viewport } from "./view-state.ts";

export const frameEncodings = ["jpeg", "webp", "png-lossless"] as const;
export const frameQualities = ["motion", "rest"] as const;
export type FrameEncoding = (typeof frameEncodings)[number];
export type FrameQuality = (typeof frameQualities)[number];

export type FrameHeader = {
  /** The session's: a page refuses a lower one than it has seen. */
  readonly epoch: number;
  readonly viewport: Viewport;
  /** Counts the frames of one page; what it says it has painted. */
  readonly frame: number;
  /** The page's last input that is in the picture; 0: none. */
  readonly sequence: number;
  readonly encoding: FrameEncoding;
  readonly quality: FrameQuality;
  /** Of the picture as it was encoded; lossless means that these bits are those that were computed. */
  readonly bitDepth: number;
  /** The window that was applied on the node. */
  readonly window: DisplayWindow;
  readonly plane: PlaneGeometry;
  /** What the node took for it. */
  readonly computeMs: number;
  readonly encodeMs: number;
};

export const frameHeaderBytes = 120;
export const frameSideMost = 4_096;
/** A lossless picture in colour of the largest side would be larger: such a viewport is drawn smaller. */
export const frameBytesMost = 8 * 1024 * 1024;

const magic = 0x5246;
const version = 1;
const uint32Most = 0xffff_ffff;
const [vectorsAt, timesAt] = [40, 112];

const within = (value: number, most: number): number => {
  if (!Number.isSafeInteger(value) || value < 0 || value > most)
    throw new RangeError(`${value} is no number from 0 to ${most}`);
  return value;
};

/** @throws RangeError for a number that the header cannot hold: a bug of the sender. */
export function encodeFrame(header: FrameHeader, picture: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(frameHeaderBytes + within(picture.byteLength, frameBytesMost));
  const view = new DataView(bytes.buffer);
  const { plane, window } = header;
  view.setUint16(0, magic, true);
  view.setUint8(2, version);
  view.setUint8(3, viewports.indexOf(header.viewport));
  view.setUint8(4, frameEncodings.indexOf(header.encoding));
  view.setUint8(5, frameQualities.indexOf(header.quality));
  view.setUint8(6, within(header.bitDepth, 16));
  view.setUint32(8, within(header.epoch, uint32Most), true);
  view.setUint32(12, within(header.frame, uint32Most), true);
  view.setUint32(16, within(header.sequence, uint32Most), true);
  view.setUint16(20, within(plane.columns, frameSideMost), true);
  view.setUint16(22, within(plane.rows, frameSideMost), true);
  view.setFloat64(24, window.centre, true);
  view.setFloat64(32, window.width, true);
  [...plane.originLps, ...plane.columnStepLps, ...plane.rowStepLps].forEach((part, index) =>
    view.setFloat64(vectorsAt + 8 * index, part, true),
  );
  view.setFloat32(timesAt, header.computeMs, true);
  view.setFloat32(timesAt + 4, header.encodeMs, true);
  bytes.set(picture, frameHeaderBytes);
  return bytes;
}

/** @returns undefined for what is no frame of this version. The picture is a view of the same bytes. */
export function decodeFrame(
  bytes: Uint8Array<ArrayBuffer>,
): { readonly header: FrameHeader; readonly picture: Uint8Array<ArrayBuffer> } | undefined {
  if (bytes.byteLength <= frameHeaderBytes || bytes.byteLength > frameHeaderBytes + frameBytesMost)
    return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(0, true) !== magic || view.getUint8(2) !== version) return undefined;
  const viewport = viewports[view.getUint8(3)];
  const encoding = frameEncodings[view.getUint8(4)];
  const quality = frameQualities[view.getUint8(5)];
  const [columns, rows] = [view.getUint16(20, true), view.getUint16(22, true)];
  if (!viewport || !encoding || !quality || !isSide(columns) || !isSide(rows)) return undefined;
  const vector = (index: number): Vec3 => [
    view.getFloat64(vectorsAt + 24 * index, true),
    view.getFloat64(vectorsAt + 24 * index + 8, true),
    view.getFloat64(vectorsAt + 24 * index + 16, true),
  ];
  const header: FrameHeader = {
    epoch: view.getUint32(8, true),
    viewport,
    frame: view.getUint32(12, true),
    sequence: view.getUint32(16, true),
    encoding,
    quality,
    bitDepth: view.getUint8(6),
    window: { centre: view.getFloat64(24, true), width: view.getFloat64(32, true) },
    plane: {
      columns,
      rows,
      originLps: vector(0),
      columnStepLps: vector(1),
      rowStepLps: vector(2),
    },
    computeMs: view.getFloat32(timesAt, true),
    encodeMs: view.getFloat32(timesAt + 4, true),
  };
  return { header, picture: bytes.subarray(frameHeaderBytes) };
}

const isSide = (pixels: number): boolean => pixels > 0 && pixels <= frameSideMost;
