/** What this application says to people, in French. `{}` stands for what a sentence holds there, `{1}` for the first of these. */
export const french: Readonly<Record<string, string>> = {
  "Computed by {}.": "Calculé par {1}.",
  "Block-circulant SVD of {}{}, {}{}; {} steps of {} s; haematocrit factor {}, density {} g/mL.":
    "SVD circulante par blocs de {1}{2}, {3}{4} ; {5} pas de {6} s ; facteur d'hématocrite {7}, densité {8} g/mL.",
  "enhancement in HU": "rehaussement en UH",
  "enhancement in HU, smoothed by {} mm in the slice": "rehaussement en UH, lissé de {1} mm dans la coupe",
  "-ln(S / S0), smoothed by {} mm in the slice": "-ln(S / S0), lissé de {1} mm dans la coupe",
  ", smoothed by {} mm in the slice": ", lissé de {1} mm dans la coupe",
  "singular values below {} % left out": "valeurs singulières sous {1} % écartées",
  "oscillation below {}, corrected for the truncation by an exponential residue":
    "oscillation sous {1}, corrigé de la troncature par un résidu exponentiel",
  "singular values below {} % left out, corrected for the truncation by an exponential residue":
    "valeurs singulières sous {1} % écartées, corrigé de la troncature par un résidu exponentiel",
  "oscillation below {}": "oscillation sous {1}",
  ", corrected for the truncation by an exponential residue":
    ", corrigé de la troncature par un résidu exponentiel",
  "Artery: mean of {} voxels, {}: {}; baseline: images {} to {}.":
    "Artère : moyenne de {1} voxels, {2} : {3} ; ligne de base : images {4} à {5}.",
  "Artery: mean of {} voxels, {}; baseline: images {} to {}.":
    "Artère : moyenne de {1} voxels, {2} ; ligne de base : images {3} à {4}.",
  "found automatically, to be checked": "trouvés automatiquement, à vérifier",
  "as marked": "comme marqués",
  "Vein: mean of {} voxels: {}; the artery's curve is multiplied by {}.":
    "Veine : moyenne de {1} voxels : {2} ; la courbe de l'artère est multipliée par {3}.",
  "Vein: mean of {} voxels; the artery's curve is multiplied by {}.":
    "Veine : moyenne de {1} voxels ; la courbe de l'artère est multipliée par {2}.",
  "Not corrected: leakage of contrast agent into the tissue, the slices' own times.":
    "Non corrigés : fuite du produit de contraste dans le tissu, instants propres des coupes.",
  "The images are unequally spaced in time; their curves were interpolated.":
    "Les images sont inégalement espacées dans le temps ; leurs courbes ont été interpolées.",
  "No tissue is reached in time: there is no normal CBF to compare with, and no core is given.":
    "Aucun tissu n'est atteint à temps : il n'y a pas de débit normal de référence, et aucune nécrose n'est donnée.",
  "CBF of normal tissue: {} mL/100 g/min (median where Tmax is at most 4 s).":
    "Débit du tissu normal : {1} mL/100 g/min (médiane où Tmax est d'au plus 4 s).",
  "All images are skipped.": "Toutes les images sont ignorées.",
  "The signal does not change: no contrast agent arrives.":
    "Le signal ne change pas : aucun produit de contraste n'arrive.",
  "Contrast agent arrives before the second image: nothing shows the tissue without it.":
    "Le produit de contraste arrive avant la deuxième image : rien ne montre le tissu sans lui.",
  "Too many images are skipped.": "Trop d'images sont ignorées.",
  "No voxel has the values of brain.": "Aucun voxel n'a les valeurs du cerveau.",
  "In image {} the head has moved by {} mm; at most {} mm are corrected.":
    "À l'image {1}, la tête a bougé de {2} mm ; on corrige au plus {3} mm.",
  "The head moves by up to {}: shift and turn within the slices are corrected, all slices together. {}":
    "La tête bouge jusqu'à {1} : translation et rotation dans les coupes sont corrigées, toutes les coupes ensemble. {2}",
  "The head moves by up to {}: as asked, that is not corrected. {}":
    "La tête bouge jusqu'à {1} : comme demandé, ce n'est pas corrigé. {2}",
  "The head keeps still to {} mm within the slices: nothing is corrected. {}":
    "La tête reste immobile à {1} mm près dans les coupes : rien n'est corrigé. {2}",
  "{} mm at its edge (image {})": "{1} mm à son bord (image {2})",
  "column, row, slice from 0 {}": "colonne, ligne, coupe à partir de 0 {1}",
  "Nodding, and motion across the slices, are not seen.":
    "Le hochement et le mouvement à travers les coupes ne sont pas vus.",
  "No {} stands out among the curves: its voxels must be marked by hand.":
    "Parmi les courbes, aucune {1} ne se distingue : ses voxels doivent être marqués à la main.",
  artery: "artère",
  vein: "veine",
  "{} points in time; at least {} are needed.": "{1} instants ; il en faut au moins {2}.",
  "Perfusion is computed of one CT or one MR series.":
    "La perfusion se calcule sur une série de scanner ou d'IRM.",
  "The volumes are of several series, whose times cannot be compared.":
    "Les volumes sont de plusieurs séries, dont les instants ne se comparent pas.",
  "Nothing says how many seconds lie between the volumes.":
    "Rien n'indique combien de secondes séparent les volumes.",
  "The series lasts {} s; at least {} s are needed.": "La série dure {1} s ; il faut au moins {2} s.",
  "A volume every {} s, with gaps up to {} s; {} and {} s are the limits.":
    "Un volume toutes les {1} s, avec des trous jusqu'à {2} s ; les limites sont {3} et {4} s.",
  "No contrast agent passes through the artery's voxels.":
    "Aucun produit de contraste ne passe par les voxels de l'artère.",
  "Voxel {} lies outside of {} x {} x {}.": "Le voxel {1} est hors de {2} x {3} x {4}.",
  "Core ({})": "Nécrose ({1})",
  "Penumbra ({}, no core)": "Pénombre ({1}, sans nécrose)",
  "Hypoperfused ({})": "Hypoperfusé ({1})",
  "CBF < {} % of normal, Tmax > {} s": "débit < {1} % de la normale, Tmax > {2} s",
  "Arterial input function": "Fonction d'entrée artérielle",
  "Venous output function": "Fonction de sortie veineuse",
  "Perfusion volumes": "Volumes de perfusion",
  "Perfusion core, penumbra, vessels": "Nécrose, pénombre, vaisseaux",
};
