/** What this application says to people, in French. `{}` stands for what a sentence holds there, `{1}` for the first of these. */
export const french: Readonly<Record<string, string>> = {
  "Trilinear interpolation in patient millimetres; what lies outside the volume is padding.":
    "Interpolation trilinéaire en millimètres du patient ; hors du volume, les pixels sont du remplissage.",
};
