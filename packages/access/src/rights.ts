/**
 * The one table of rights: what a role may do, and where. What is not in it nobody may do. A row that lacks a cell does not
 * compile; an operation of the API that lacks a row does not compile either, or keeps the server from starting.
 */
import { roles, type Role } from "./roles.ts";

/** Nowhere, at the sites that the person belongs to, at every site. */
export type Reach = "no" | "own" | "every";

const no = "no";
const own = "own";
const every = "every";

/** One cell for each role, in the order of `roles`. */
type Row = readonly [Reach, Reach, Reach, Reach, Reach, Reach, Reach, Reach];

const forAll: Row = [every, every, every, every, every, every, every, every];

const rows = {
  // radiologist, nuclear physician, clinician, technologist, site admin, operator, auditor, DPO
  // Who one is, and how the system is: everybody who is signed in.
  "system.me": forAll,
  "system.sites": forAll,
  "system.drill": forAll,
  live: forAll,
  "applications.list": forAll,
  // Work on studies.
  "studies.list": [every, every, every, own, own, every, no, no],
  "studies.get": [every, every, every, own, own, every, no, no],
  "jobs.list": [every, every, every, own, own, every, every, no],
  "jobs.counts": [every, every, every, own, own, every, every, no],
  "jobs.get": [every, every, every, own, own, every, every, no],
  "jobs.retry": [own, own, no, own, own, every, no, no],
  "jobs.cancel": [own, own, no, own, own, every, no, no],
  "requests.options": [every, every, no, own, no, every, no, no],
  "requests.make": [every, every, no, own, no, every, no, no],
  "deliveries.list": [every, every, no, own, own, every, every, no],
  "deliveries.retry": [own, own, no, own, own, every, no, no],
  "sessions.list": [every, every, every, own, own, every, every, no],
  // Patients' pixels and numbers: who treats, and nobody else.
  "jobs.measurements": [every, every, every, own, no, no, no, no],
  "pictures.get": [every, every, every, own, no, no, no, no],
  "sessions.open": [every, every, every, own, no, no, no, no],
  "sessions.close": [every, every, every, own, no, no, no, no],
  "sessions.stream": [every, every, every, own, no, no, no, no],
  "dicomweb.search": [every, every, every, own, no, no, no, no],
  "dicomweb.retrieve": [every, every, every, own, no, no, no, no],
  "dicomweb.store": [no, no, no, own, no, no, no, no],
  // The machines.
  "nodes.list": [every, every, no, own, own, every, every, no],
  "nodes.drain": [no, no, no, no, own, every, no, no],
  "nodes.resume": [no, no, no, no, own, every, no, no],
  // What happened. Events name people and studies by pseudonyms.
  "events.list": [every, every, no, own, own, every, every, every],
} as const satisfies Readonly<Record<string, Row>>;

export type Operation = keyof typeof rows;

export const operations = Object.keys(rows) as readonly Operation[];
export const isOperation = (text: string): text is Operation => Object.hasOwn(rows, text);

export const reachOf = (role: Role, operation: Operation): Reach => rows[operation][roles.indexOf(role)]!;
