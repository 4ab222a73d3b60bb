/** The version of the product, as results state it. */
export const version = "0.1.0";
