/** What several applications say to people, in French. `{}` stands for what a sentence holds there, `{1}` for the first of these. */
export const sharedFrench: Readonly<Record<string, string>> = {
  "There is no such application; there are {}.": "Cette application n'existe pas ; il y a {1}.",
  "A volume was named twice, or is none of this study as it is now.":
    "L'examen ne contient plus ces volumes, ou l'un est nommé deux fois : fermez puis rouvrez ce formulaire.",
  "{} takes {}; {} were chosen.": "{1} prend {2} ; {3} sont choisis.",
  "one volume": "un volume",
  "volumes of the study": "des volumes de l'examen",
  "The parameters take {} bytes; at most {}.": "Les paramètres prennent {1} octets ; au plus {2}.",
  "The series is {}; Hounsfield units are those of CT.":
    "La série est en {1} ; les unités Hounsfield sont celles du scanner.",
  "The slices are not axial.": "Les coupes ne sont pas axiales.",
  "The values of this series are not in Hounsfield units (Rescale Type).":
    "Les valeurs de cette série ne sont pas en unités Hounsfield (Rescale Type).",
  "Contrast medium was given (Contrast/Bolus Agent); it changes the densities that would be measured.":
    "Un produit de contraste a été donné (Contrast/Bolus Agent) ; il change les densités à mesurer.",
  "The series is {}; CT, MR and PT volumes are cut.":
    "La série est en {1} ; on coupe des volumes de scanner, d'IRM et de TEP.",
  "The volume has {} slices; at least {} are needed.": "Le volume a {1} coupes ; il en faut au moins {2}.",
  "The distance from slice to slice is not constant in this volume.":
    "La distance entre les coupes n'est pas constante dans ce volume.",
  "The slices of this volume lie in one plane.": "Les coupes de ce volume sont dans un même plan.",
  "The images are a reformat already (Image Type {}).":
    "Les images sont déjà une reformation (Image Type {1}).",
  "The slices are sheared by {} degrees (gantry tilt); corrected.":
    "Les coupes sont cisaillées de {1} degrés (inclinaison du statif) ; corrigé.",
  "Every voxel of this volume is padding.": "Tous les voxels de ce volume sont du remplissage.",
  "Pixels of {} instead of {}: at most {} a row or column.":
    "Pixels de {1} au lieu de {2} : au plus {3} par ligne ou colonne.",
  "Planes every {} instead of {}: {}.": "Plans tous les {1} au lieu de {2} : {3}.",
  "at most {} images": "au plus {1} images",
  "whole steps, so that every slice is met": "pas entiers, pour que chaque coupe soit atteinte",
  "they have different frames of reference": "leurs repères diffèrent",
  "their voxels lie up to {} mm apart": "leurs voxels sont distants jusqu'à {1} mm",
  "The volumes do not lie on one grid: {}.": "Les volumes ne sont pas sur une même grille : {1}.",
};
