/**
 * The engine's exports. No object, array or string is used anywhere: each worker instantiates the module on one shared memory,
 * and a data segment or heap of one would overwrite that of the other.
 */
export { backProject } from "./back-project";
export { blend } from "./blend";
export { measureBlocks, measureCoarseBlocks } from "./blocks";
export { measureDistances, setDistances } from "./distance";
export { filterProjections } from "./filter";
export { setLook } from "./look";
export { setPlane } from "./plane";
export { project } from "./project";
export { render } from "./render";
export { reslice } from "./reslice";
export { setScan } from "./scan";
export { setGradient } from "./shade";
export { makeSigned, setVolume } from "./volume";
