/** What this application says to people, in French. `{}` stands for what a sentence holds there, `{1}` for the first of these. */
export const french: Readonly<Record<string, string>> = {
  "{} trilinear samples over {} in each ray; samples outside the volume do not count.":
    "{1} échantillons trilinéaires sur {2} par rayon ; ceux hors du volume ne comptent pas.",
};
