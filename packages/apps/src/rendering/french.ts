/** What this application says to people, in French. `{}` stands for what a sentence holds there, `{1}` for the first of these. */
export const french: Readonly<Record<string, string>> = {
  "The presets are in HU, and the series is {}: choose a window instead.":
    "Les préréglages sont en UH, et la série est en {1} : choisissez une fenêtre.",
  "The clipping box lies outside the volume.": "La boîte de découpe est hors du volume.",
  "No value of this volume is opaque in the look that was asked for.":
    "Aucune valeur de ce volume n'est opaque dans l'aspect demandé.",
  "Colours and surfaces depend on the look; no distance may be measured on these pictures.":
    "Couleurs et surfaces dépendent de l'aspect ; aucune distance ne se mesure sur ces images.",
  "Parallel rays every {}, trilinear samples every {}, emission and absorption front to back, {}.":
    "Rayons parallèles tous les {1}, échantillons trilinéaires tous les {2}, émission et absorption d'avant en arrière, {3}.",
  "lit from the eye": "éclairage depuis l'œil",
  "without shading": "sans ombrage",
};
