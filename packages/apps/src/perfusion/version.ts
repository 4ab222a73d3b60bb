/** Of the algorithm: the catalogue names it, and so do the masks that it leaves. */
export const perfusionVersion = "3";
