/** What this application says to people, in French. `{}` stands for what a sentence holds there, `{1}` for the first of these. */
export const french: Readonly<Record<string, string>> = {
  "{} of {} points of the path lie outside the volume.": "{1} des {2} points du trajet sont hors du volume.",
  "The path is {} long; at least {}.": "Le trajet mesure {1} ; il en faut au moins {2}.",
  "The path runs along the direction of the rows: there is nothing to stretch.":
    "Le trajet suit la direction des lignes : il n'y a rien à déplier.",
  "Every voxel along the path is padding.": "Tous les voxels le long du trajet sont du remplissage.",
  "The image lies in no plane: in the source's frame of reference the path goes from ({}) to ({}), LPS mm.":
    "L'image n'est dans aucun plan : dans le repère de la source, le trajet va de ({1}) à ({2}), LPS en mm.",
  "The path is {} long.": "Le trajet mesure {1}.",
  "Trilinear interpolation; pixels of {}, true along the path.":
    "Interpolation trilinéaire ; pixels de {1}, fidèles le long du trajet.",
  "The path bends with a radius of {}: farther off on the inside of the bend tissue shows twice.":
    "Le trajet se courbe avec un rayon de {1} : au-delà, à l'intérieur de la courbe, le tissu apparaît deux fois.",
  "Cross sections every {} instead of {}: at most {}.":
    "Coupes perpendiculaires tous les {1} au lieu de {2} : au plus {3}.",
  "The path is not shown on the source's slices: {}.":
    "Le trajet n'est pas tracé sur les coupes de la source : {1}.",
};
