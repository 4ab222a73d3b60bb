/** What this application says to people, in French. `{}` stands for what a sentence holds there, `{1}` for the first of these. */
export const french: Readonly<Record<string, string>> = {
  "IBSI first-order statistics of the voxels whose centres lie inside, without resampling; percentiles linear between neighbours in rank; moments divided by the number of voxels.":
    "Statistiques de premier ordre de l'IBSI des voxels dont le centre est à l'intérieur, sans rééchantillonnage ; percentiles linéaires entre rangs voisins ; moments divisés par le nombre de voxels.",
  "The values' unit is not known: compare them within this series only.":
    "L'unité des valeurs n'est pas connue : à ne comparer qu'au sein de cette série.",
  "Region {} holds no voxel that was measured.": "La région {1} ne contient aucun voxel mesuré.",
  "Region {} holds {} voxels; at most {} are measured.":
    "La région {1} contient {2} voxels ; on en mesure au plus {3}.",
  "Region {}": "Région {1}",
  "Measured regions": "Régions mesurées",
};
