/** What this application says to people, in French. `{}` stands for what a sentence holds there, `{1}` for the first of these. */
export const french: Readonly<Record<string, string>> = {
  "Lung: below {} HU within the body, without trachea and main bronchi, with what it encloses within a slice. LAA-950: share below -950 HU. PD15: 15th percentile. How deeply the patient breathed in is not known.":
    "Poumon : sous {1} UH dans le corps, sans trachée ni bronches souches, avec ce qu'il entoure dans une coupe. LAA-950 : part sous -950 UH. PD15 : 15e percentile. La profondeur de l'inspiration n'est pas connue.",
  "The reconstruction kernel is not written; a sharp one raises LAA-950.":
    "Le filtre de reconstruction n'est pas indiqué ; un filtre dur augmente la LAA-950.",
  "Reconstructed with the kernel {}: compare only with the same one.":
    "Reconstruit avec le filtre {1} : à ne comparer qu'avec le même.",
  "Taken at {} kV; 120 kV is usual.": "Acquis à {1} kV ; 120 kV est l'usage.",
  "The slices are {} thick: LAA-950 is lower than in thin ones.":
    "Les coupes ont {1} d'épaisseur : la LAA-950 y est plus basse que dans des coupes fines.",
  "No trachea was found: its air, if it is in the scan, counts as lung.":
    "Aucune trachée trouvée : son air, s'il est dans l'acquisition, compte comme poumon.",
  "{} ml of other air within the body (bowel, or a part cut off from its lung) are left out.":
    "{1} ml d'autre air dans le corps (intestin, ou partie séparée de son poumon) sont écartés.",
  "A lung reaches the {} slice: it is cut off there, and volumes are of what is in the scan.":
    "Un poumon atteint la {1} coupe : il y est coupé, et les volumes sont ceux de l'acquisition.",
  first: "première",
  last: "dernière",
  "Only one lung was found: the other one is airless, absent or cut off.":
    "Un seul poumon trouvé : l'autre est sans air, absent ou coupé.",
  "The air of the chest reaches from the first to the last slice: these are not whole lungs.":
    "L'air du thorax va de la première à la dernière coupe : les poumons ne sont pas entiers.",
  "There is no air of at least {} ml within the body.": "Il n'y a pas d'air d'au moins {1} ml dans le corps.",
  "both lungs": "deux poumons",
  "left lung": "poumon gauche",
  "right lung": "poumon droit",
  "Lung density": "Densité pulmonaire",
  Lungs: "Poumons",
};
