/** The layers: imports go down only, packages of one row never meet, and nothing turns in a circle. */
const l1 = ["ledger", "dicom", "store", "access", "wire", "kernels"];
const l3 = ["gateway", "recon", "api", "audit", "capacity"];

/** What each package may import besides itself. Tests may use the testkit on top. */
const allowed = {
  domain: [],
  ...Object.fromEntries(l1.map((name) => [name, ["domain"]])),
  apps: ["domain", ...l1],
  ...Object.fromEntries(l3.map((name) => [name, ["domain", ...l1, "apps"]])),
  // The console compiles against the router's type and takes nothing of the API, of an application only its panel, and of what
  // lies below only the contract of a session and its geometry.
  console: ["domain", "wire", "api", "apps"],
  server: ["domain", ...l1, "apps", ...l3, "testkit"],
  // Drives the running system and does it harm; nothing imports it.
  drill: ["domain", ...l1, "apps", ...l3, "server", "testkit"],
  // Runs the real ledger, node loop and gateway flow in simulated time; nothing imports it.
  simulator: ["domain", "ledger", "wire", "recon", "gateway"],
  testkit: ["domain"],
};

const test = "\\.(test|contract|fixture)\\.tsx?$|-fixture\\.ts$";

const rowRules = Object.entries(allowed).map(([name, others]) => ({
  name: `${name}-imports-down`,
  severity: "error",
  from: { path: `^packages/${name}/`, pathNot: test },
  to: { path: "^packages/", pathNot: `^packages/(${[name, ...others].join("|")})/` },
}));

const testRules = Object.entries(allowed).map(([name, others]) => ({
  name: `${name}-tests-import-down`,
  severity: "error",
  from: { path: `^packages/${name}/.*(${test})` },
  to: { path: "^packages/", pathNot: `^packages/(${[name, ...others, "testkit"].join("|")})/` },
}));

export default {
  forbidden: [
    ...rowRules,
    ...testRules,
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "no-barrels", severity: "error", from: {}, to: { path: "/index\\.ts$" } },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "console-takes-types-only",
      severity: "error",
      from: { path: "^packages/console/" },
      to: { path: "^packages/api/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "console-takes-panels-only",
      severity: "error",
      from: { path: "^packages/console/" },
      to: {
        path: "^packages/apps/",
        pathNot: [
          "^packages/apps/src/[^/]+/panel\\.tsx$",
          "^packages/apps/src/panels?\\.tsx$",
          "^packages/apps/src/french-sentences\\.ts$",
        ],
      },
    },
    {
      name: "console-takes-the-session-contract-only",
      severity: "error",
      from: { path: "^packages/console/" },
      to: {
        path: "^packages/(domain|wire)/",
        pathNot: ["^packages/wire/src/session/", "^packages/domain/src/(vec3|volume)\\.ts$"],
      },
    },
    {
      name: "panels-compute-nothing",
      severity: "error",
      from: { path: "^packages/apps/.*/panel\\.tsx$" },
      to: { path: `^packages/(${l1.join("|")})/`, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "phantoms-stay-out-of-production",
      severity: "error",
      from: { path: "^packages/server/", pathNot: `${test}|^packages/server/src/(demo|start|bench)/` },
      to: { path: "^packages/testkit/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(node_modules|dist)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
