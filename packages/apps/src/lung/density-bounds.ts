/** The classes of density that the lung mask is made of. */

/** Where they begin, HU; the last one is where tissue begins. */
export const densityBoundsHu = (lungBelowHu: number): readonly number[] => [-950, -850, -700, lungBelowHu];

/** Voxels of a lower class are air or lung, the lower the less dense. */
export const tissueClass = 4;
