/** What this application says to people, in French. `{}` stands for what a sentence holds there, `{1}` for the first of these. */
export const french: Readonly<Record<string, string>> = {
  "No voxel has a signal at every b-value.": "Aucun voxel n'a de signal à toutes les valeurs de b.",
  "Mono-exponential least squares of the logarithm{}, b = {} s/mm2{}{}.":
    "Moindres carrés mono-exponentiels du logarithme{1}, b = {2} s/mm²{3}{4}.",
  ", weighted by the squared signal": ", pondérés par le carré du signal",
  "; below {} left out; background below {} % left out":
    " ; en dessous de {1} ignorées ; fond en dessous de {2} % ignoré",
  "; below {} left out": " ; en dessous de {1} ignorées",
  "; background below {} % left out": " ; fond en dessous de {1} % ignoré",
  "The {} directions at b = {} s/mm2 are not evenly spread: the result is the mean along them, not a third of the trace.":
    "Les {1} directions à b = {2} s/mm² ne sont pas réparties régulièrement : le résultat est leur moyenne, non le tiers de la trace.",
  "The series is {}; diffusion is measured by MR.": "La série est en {1} ; la diffusion se mesure par IRM.",
  "Among the images are results (Image Type {}), which are no signal.":
    "Parmi les images se trouvent des résultats (Image Type {1}), qui ne sont pas un signal.",
  "{} of {} volumes say no b-value.": "{1} volumes sur {2} n'indiquent pas de valeur de b.",
  "Two b-values at least {} s/mm2 apart are needed; there are: {}.":
    "Il faut deux valeurs de b distantes d'au moins {1} s/mm² ; il y a : {2}.",
  "The lowest b-value is {} s/mm2; the fit begins at 200 or less.":
    "La plus petite valeur de b est {1} s/mm² ; l'ajustement commence à 200 ou moins.",
};
