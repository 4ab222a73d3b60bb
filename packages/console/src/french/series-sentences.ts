/** What is said of series and objects when a study settles, in French. */
export const seriesSentences: Readonly<Record<string, string>> = {
  "At {} of {} positions lie different images that nothing tells apart.":
    "À {1} positions sur {2} se trouvent des images différentes que rien ne distingue.",
  "A copy of it lies at the same position.": "Une copie se trouve à la même position.",
  "It is a mosaic, and its CSA header or Spacing Between Slices, which say how to unfold it, is missing.":
    "C'est une mosaïque, et l'en-tête CSA ou Spacing Between Slices, qui disent comment la déplier, manque.",
  "It is a mosaic whose matrix does not divide into {} by {} tiles.":
    "C'est une mosaïque dont la matrice ne se divise pas en {1} par {2} tuiles.",
  "{} frames have {} functional groups.": "{1} images ont {2} groupes fonctionnels.",
  "Nothing says where its {} frames lie.": "Rien n'indique où se trouvent ses {1} images.",
  "{} missing: its place is unknown.": "Absent : {1} ; sa position est inconnue.",
  "Image Position (Patient) is not three numbers.": "Image Position (Patient) ne contient pas trois nombres.",
  "Image Orientation (Patient) is not six numbers.":
    "Image Orientation (Patient) ne contient pas six nombres.",
  "Image Orientation (Patient) holds a direction that is not of length one.":
    "Image Orientation (Patient) contient une direction qui n'est pas de longueur un.",
  "Image Orientation (Patient): row and column are not at right angles.":
    "Image Orientation (Patient) : ligne et colonne ne sont pas à angle droit.",
  "Pixel Spacing is not two positive numbers.": "Pixel Spacing ne contient pas deux nombres positifs.",
  "The same object is there already.": "Le même objet est déjà là.",
  "Another object bears its SOP Instance UID, and its encoded pixels differ; the first counts.":
    "Un autre objet porte son SOP Instance UID, avec d'autres pixels ; le premier compte.",
  "The slices lie {} to {} mm apart.": "Les coupes sont distantes de {1} à {2} mm.",
  "{} slices are missing between the others, which lie {} mm apart.":
    "{1} coupes manquent entre les autres, distantes de {2} mm.",
  "The slices lie {} mm apart, Spacing Between Slices says {}; the positions count.":
    "Les coupes sont distantes de {1} mm, Spacing Between Slices dit {2} ; les positions comptent.",
  "Its lowest value is meant to be shown white.": "Sa plus petite valeur doit être montrée en blanc.",
  "Nothing says how its stored values become Hounsfield units.":
    "Rien n'indique comment ses valeurs deviennent des unités Hounsfield.",
  "The slices do not lie on one straight line.": "Les coupes ne sont pas sur une même droite.",
  "It is one slice.": "C'est une seule coupe.",
  "It is one slice of unknown thickness; 1 mm stands for it.":
    "C'est une seule coupe d'épaisseur inconnue ; on prend 1 mm.",
  "It alone lies across the others, as a scout does.":
    "Seule, elle est en travers des autres, comme un topogramme.",
  "It lacks the rescale that the others of its series have.":
    "Il lui manque la mise à l'échelle qu'ont les autres de sa série.",
  "The slices are sheared by {} degrees, as by a tilted gantry; the grid keeps the shear, which corrects it.":
    "Les coupes sont cisaillées de {1} degrés, comme par un statif incliné ; la grille garde ce cisaillement, ce qui le corrige.",
  "Gantry/Detector Tilt says {} degrees and the positions show no shear; the positions count.":
    "Gantry/Detector Tilt dit {1} degrés et les positions ne montrent pas de cisaillement ; les positions comptent.",
  "It is {}, not a source image.": "C'est {1}, non une image source.",
  "a structured report": "un compte rendu structuré",
  "a secondary capture": "une capture secondaire",
  "a segmentation": "une segmentation",
  "a radiotherapy object": "un objet de radiothérapie",
  "a parametric map": "une carte paramétrique",
  "a visible light image": "une image en lumière visible",
  "an encapsulated document": "un document encapsulé",
  "It holds no image.": "Il ne contient pas d'image.",
  "It describes an image and holds no pixels.": "Il décrit une image et ne contient pas de pixels.",
  "It holds {} fragments for {} frames.": "Il contient {1} fragments pour {2} images.",
  "It holds {} of {} bytes of pixels.": "Il contient {1} octets de pixels sur {2}.",
  "Rows or Columns is missing, zero or not a whole number.":
    "Rows ou Columns manque, est nul ou n'est pas entier.",
  "It is in colour: its pixels are no measured values.":
    "Il est en couleurs : ses pixels ne sont pas des valeurs mesurées.",
  "Bits Allocated and Bits Stored do not describe whole bytes.":
    "Bits Allocated et Bits Stored ne décrivent pas des octets entiers.",
  "Number of Frames is not a positive whole number.": "Number of Frames n'est pas un entier positif.",
  "It is a localizer.": "C'est un topogramme.",
  "{}; this volume is one of them.": "{1} ; ce volume en fait partie.",
  "Its values go through a look-up table, which is not applied here.":
    "Ses valeurs passent par une table de correspondance, qui n'est pas appliquée ici.",
  "Rescale Slope is zero or no usable number: its values mean nothing.":
    "Rescale Slope est nul ou inutilisable : ses valeurs ne veulent rien dire.",
  "Rescale Intercept is no usable number.": "Rescale Intercept est inutilisable.",
};
