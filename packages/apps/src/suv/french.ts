/** What this application says to people, in French. `{}` stands for what a sentence holds there, `{1}` for the first of these. */
export const french: Readonly<Record<string, string>> = {
  "The images do not say what was injected, when and how much.":
    "Les images n'indiquent ni ce qui a été injecté, ni quand, ni combien.",
  "More than one injection is recorded; one dose is needed.":
    "Plusieurs injections sont enregistrées ; il faut une seule dose.",
  "An SUV needs Radionuclide Total Dose; the images do not say it.":
    "Un SUV a besoin de la dose injectée (Radionuclide Total Dose) ; les images ne l'indiquent pas.",
  "Radionuclide Total Dose is below 10,000 Bq: it is probably in MBq.":
    "La dose injectée (Radionuclide Total Dose) est inférieure à 10 000 Bq : elle est sans doute en MBq.",
  "An SUV needs Radionuclide Half Life; the images do not say it.":
    "Un SUV a besoin de la période (Radionuclide Half Life) ; les images ne l'indiquent pas.",
  "The images do not say when the radiopharmaceutical was injected.":
    "Les images n'indiquent pas quand le radiopharmaceutique a été injecté.",
  "The injection is recorded after the scan.": "L'injection est enregistrée après l'acquisition.",
  "The injection is recorded {} half lives before the scan: a date is wrong.":
    "L'injection est enregistrée {1} périodes avant l'acquisition : une date est fausse.",
  "{} needs Patient's Sex, M or F; the images do not say it.":
    "{1} a besoin du sexe du patient, M ou F ; les images ne l'indiquent pas.",
  "James' lean body mass falls with rising weight in this patient: it holds no more. Take Janmahasatian's.":
    "La masse maigre de James diminue quand le poids augmente chez ce patient : elle ne vaut plus. Prenez celle de Janmahasatian.",
  "An SUV needs Patient's Weight; the images do not say it.":
    "Un SUV a besoin du poids du patient ; les images ne l'indiquent pas.",
  "Patient's Weight lies outside of {} to {} kg.": "Le poids du patient est hors de {1} à {2} kg.",
  "{} needs Patient's Size (height); the images do not say it.":
    "{1} a besoin de la taille du patient ; les images ne l'indiquent pas.",
  "Patient's Size lies outside of {} to {} m.": "La taille du patient est hors de {1} à {2} m.",
  "Engine: {}.": "Moteur : {1}.",
  "{}, {}: the source's values times {}.": "{1}, {2} : les valeurs de la source fois {3}.",
  "SUV by body weight": "SUV par le poids",
  "SUV by lean body mass (Janmahasatian)": "SUV par la masse maigre (Janmahasatian)",
  "SUV by lean body mass (James)": "SUV par la masse maigre (James)",
  "SUV by body surface area (Du Bois)": "SUV par la surface corporelle (Du Bois)",
  "What stayed in the syringe is not taken off the dose.":
    "Ce qui est resté dans la seringue n'est pas déduit de la dose.",
  "SUVpeak: the largest mean of {} voxels ({} ml) around a voxel of the region, for a sphere of 1 ml.":
    "SUVpeak : la plus grande moyenne de {1} voxels ({2} ml) autour d'un voxel de la région, pour une sphère de 1 ml.",
  "Voxels of at least {}{}, {}; those that touch by a face, an edge or a corner are one region.":
    "Voxels d'au moins {1}{2}, {3} ; ceux qui se touchent par une face, une arête ou un coin forment une région.",
  ", {} % of the largest value": ", {1} % de la plus grande valeur",
  "in the whole volume": "dans tout le volume",
  "in the sphere that was asked for": "dans la sphère demandée",
  "in the box that was asked for": "dans la boîte demandée",
  "Voxels of at least {}, {} % of the largest value, {}; those that touch by a face, an edge or a corner are one region.":
    "Voxels d'au moins {1}, {2} % de la plus grande valeur, {3} ; ceux qui se touchent par une face, une arête ou un coin forment une région.",
  "No region is that large.": "Aucune région n'est aussi grande.",
  "Left out: {} below {} ml.": "Écartées : {1} sous {2} ml.",
  "Left out: {} beyond the {} largest.": "Écartées : {1} au-delà des {2} plus grandes.",
  "Normal uptake (brain, heart, kidneys, bladder) is among the regions.":
    "La fixation normale (cerveau, cœur, reins, vessie) est parmi les régions.",
  "The images' Decay Factor contradicts this reference time by {}: check the times before the SUV is used.":
    "Le Decay Factor des images contredit cet instant de référence de {1} : vérifiez les heures avant d'utiliser le SUV.",
  "Series Date and Time, to which values are decay corrected, are missing.":
    "La date et l'heure de la série, auxquelles les valeurs sont corrigées de la décroissance, manquent.",
  "The images do not say when they were acquired.":
    "Les images n'indiquent pas quand elles ont été acquises.",
  "The sphere or box that was asked for holds no voxel that was measured.":
    "La sphère ou la boîte demandée ne contient aucun voxel mesuré.",
  "SUV needs Positron Emission Tomography images; these are {}.":
    "Le SUV a besoin d'images de TEP ; celles-ci sont en {1}.",
  "The header gives no usable SUV factor.": "L'en-tête ne donne pas de facteur SUV utilisable.",
  "The images are not corrected for attenuation (Corrected Image).":
    "Les images ne sont pas corrigées de l'atténuation (Corrected Image).",
  "The images are not corrected for decay (Corrected Image, Decay Correction).":
    "Les images ne sont pas corrigées de la décroissance (Corrected Image, Decay Correction).",
  "No SUV can be computed from Units {}.": "Aucun SUV ne se calcule à partir de Units {1}.",
  "that are missing": "absentes",
  "The values are SUV of a type that cannot be converted: {}.":
    "Les valeurs sont des SUV d'un type qu'on ne peut convertir : {1}.",
  "The source's values are {} already (Units {}).": "Les valeurs de la source sont déjà des {1} (Units {2}).",
  "Counts, by the SUV scale factor in Philips' private attribute (7053,xx00).":
    "Coups, par le facteur SUV de l'attribut privé de Philips (7053,xx00).",
  "The values are counts, without Philips' factors to a concentration.":
    "Les valeurs sont des coups, sans les facteurs de Philips vers une concentration.",
  "{} Converted by the ratio of the body sizes.": "{1} Converti par le rapport des grandeurs corporelles.",
  "The values are decay corrected to the injection (ADMIN): the dose is taken as injected.":
    "Les valeurs sont corrigées de la décroissance à l'injection (ADMIN) : la dose est prise comme injectée.",
  "Decay Correction is {}, not START or ADMIN.": "Decay Correction vaut {1}, ni START ni ADMIN.",
  "The dose is decayed by {} s, to {}.": "La dose a décru pendant {1} s, jusqu'à : {2}.",
  "the earliest Acquisition Time, because Series Time lies after it":
    "la première Acquisition Time, car Series Time lui est postérieure",
  "the scan time in GE's private attribute": "l'heure d'acquisition de l'attribut privé de GE",
  "All regions": "Toutes les régions",
  "Uptake {}": "Fixation {1}",
  "Metabolic volumes": "Volumes métaboliques",
};
