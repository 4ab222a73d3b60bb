/** What this application says to people, in French. `{}` stands for what a sentence holds there, `{1}` for the first of these. */
export const french: Readonly<Record<string, string>> = {
  "The tube voltage is not written; the score holds for 120 kV.":
    "La tension du tube n'est pas indiquée ; le score vaut pour 120 kV.",
  "Taken at 130 kV, as with electron beam scanners; 120 kV is usual.":
    "Acquis à 130 kV, comme sur les scanners à faisceau d'électrons ; 120 kV est l'usage.",
  "The tube voltage is {} kV; calcium is brighter or darker than at 120 kV, for which 130 HU is the threshold.":
    "La tension du tube est de {1} kV ; le calcium y est plus ou moins dense qu'à 120 kV, pour lesquels vaut le seuil de 130 UH.",
  "The slices are {} thick; the score is defined for 3 mm, and computed from {} to {}.":
    "Les coupes ont {1} d'épaisseur ; le score est défini pour 3 mm, et calculé de {2} à {3}.",
  "The slices are {} thick and {} apart: what lies between them was not measured.":
    "Les coupes ont {1} d'épaisseur et sont distantes de {2} : ce qui est entre elles n'a pas été mesuré.",
  "The slices are {} apart: the Agatston score is scaled by {} (distance / 3 mm).":
    "Les coupes sont distantes de {1} : le score d'Agatston est multiplié par {2} (distance / 3 mm).",
  "They overlap ({} thick).": "Elles se chevauchent (épaisseur {1}).",
  "The slices are {} thick; scores are comparable with others of 3 mm only to a limit.":
    "Les coupes ont {1} d'épaisseur ; le score ne se compare à ceux de 3 mm que dans certaines limites.",
  "The slices' thickness is not written; taken as the distance between them.":
    "L'épaisseur des coupes n'est pas indiquée ; on prend leur distance.",
  "Label {} ({}) lies on no lesion of at least 130 HU and 1 mm2.":
    "L'étiquette {1} ({2}) ne se trouve sur aucune lésion d'au moins 130 UH et 1 mm².",
  "{} lesions (Agatston {}) {}.": "{1} lésions (Agatston {2}) {3}.",
  "have no label: they are reported as unassigned and in no vessel's score":
    "sans étiquette : données comme non attribuées, dans le score d'aucun vaisseau",
  "are labelled as not coronary and left out": "étiquetées non coronaires et écartées",
  "Nobody has labelled lesions: this is not the patient's score; bone and valves are among them.":
    "Personne n'a étiqueté de lésion : ce n'est pas le score du patient ; os et valves en font partie.",
  "Agatston 1990: at least 130 HU and 1 mm2, pixels joined over edges and corners within a slice, weight by the lesion's peak in the slice; volume and mass of the same voxels, without interpolation.":
    "Agatston 1990 : au moins 130 UH et 1 mm², pixels reliés par bords et coins dans une coupe, poids selon le maximum de la lésion dans la coupe ; volume et masse des mêmes voxels, sans interpolation.",
  "No mass score: it needs the protocol's calibration factor.":
    "Pas de score de masse : il faut le facteur d'étalonnage du protocole.",
  "Mass with the given calibration of {} mg/cm3 per HU.":
    "Masse avec l'étalonnage donné de {1} mg/cm³ par UH.",
  "all named vessels": "tous les vaisseaux nommés",
  unassigned: "non attribué",
  "not coronary": "non coronaire",
  "Calcium scores": "Scores calciques",
  "Calcium lesions by vessel": "Lésions calciques par vaisseau",
};
