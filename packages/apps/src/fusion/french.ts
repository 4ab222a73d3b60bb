/** What this application says to people, in French. `{}` stands for what a sentence holds there, `{1}` for the first of these. */
export const french: Readonly<Record<string, string>> = {
  "No blending presentation state: {}.": "Pas d'état de présentation fusionné : {1}.",
  "the CT's Rescale Slope changes from slice to slice":
    "le Rescale Slope du scanner change d'une coupe à l'autre",
  "the PET's Rescale Slope changes from slice to slice, and the CT was named first":
    "le Rescale Slope de la TEP change d'une coupe à l'autre, et le scanner a été nommé en premier",
  "Every voxel of the PET or of the CT is padding.":
    "Tous les voxels de la TEP ou du scanner sont du remplissage.",
  "The PET is shown in the unit of its images.": "La TEP est montrée dans l'unité de ses images.",
  "{} A fusion in the unit of the images can be asked for.":
    "{1} On peut demander une fusion dans l'unité des images.",
  "CT in grey, window {}/{} HU, {} %; PET in Hot Iron (PS3.6 B.1.1), {}{}, {} %. Trilinear; what the PET does not reach has its zero colour.":
    "Scanner en gris, fenêtre {1}/{2} UH, {3} % ; TEP en Hot Iron (PS3.6 B.1.1), {4}{5}, {6} %. Trilinéaire ; ce que la TEP n'atteint pas a sa couleur de zéro.",
  "Coronal MIP: the largest values of each from front to back, the CT in window {}/{} HU.":
    "MIP coronal : les plus grandes valeurs de chacun d'avant en arrière, le scanner en fenêtre {1}/{2} UH.",
  "A fusion takes one PET and one CT of a study.": "Une fusion prend une TEP et un scanner d'un même examen.",
  "The PET and the CT have different frames of reference: nothing says how they lie to each other.":
    "La TEP et le scanner ont des repères différents : rien n'indique leur position relative.",
  "The PET and the CT show different parts of the body.":
    "La TEP et le scanner montrent des parties différentes du corps.",
};
