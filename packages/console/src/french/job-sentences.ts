/** What the ledger, the dispatch and the nodes say of jobs, in French. */
export const jobSentences: Readonly<Record<string, string>> = {
  "No such delivery was requested.": "Cet envoi n'a pas été demandé.",
  "No such job was requested.": "Cette tâche n'a pas été demandée.",
  "The attempt no longer holds the job: its result must not be used.":
    "La tentative ne tient plus la tâche : son résultat ne doit pas servir.",
  "The job has ended.": "La tâche est déjà finie.",
  "Another node holds the job.": "Un autre nœud tient la tâche.",
  "Each of {} attempts failed or took its node down.":
    "Chacune des {1} tentatives a échoué ou a fait tomber son nœud.",
  "Only a completion can be superseded.": "Seul un achèvement peut être remplacé.",
  "The next attempt is {}.": "La prochaine tentative est {1}.",
  "No such node ever joined.": "Ce nœud n'a jamais rejoint le cluster.",
  "The node has been started again since.": "Le nœud a été redémarré depuis.",
  "The node is not running.": "Le nœud n'est pas en marche.",
  "{} jobs wait for {} slots:{}.": "{1} tâches attendent {2} places :{3}.",
  " a slot is free in about {}": " une place se libère dans environ {1}",
  " try later": " réessayez plus tard",
  "The job needs {}; the largest of the {} nodes gives {}.":
    "La tâche a besoin de {1} ; le plus grand des {2} nœuds donne {3}.",
  "{} with enough memory refuses the job: out of tolerance in the self-test, or not tested: {}.":
    "{1} avec assez de mémoire refuse la tâche : hors tolérance à l'autotest, ou non testé : {2}.",
  "every node": "chaque nœud",
  "Every node": "Chaque nœud",
  "The job needs {} bytes of memory, more than each of the {} nodes has.":
    "La tâche a besoin de {1} octets de mémoire, plus que n'en a chacun des {2} nœuds.",
  "the volume needs {}, this node gives it {}": "le volume a besoin de {1}, ce nœud lui donne {2}",
  "The ledger does not answer: nothing can be recorded now.":
    "Le registre ne répond pas : rien ne peut être enregistré maintenant.",
  "There is no such study.": "Cet examen n'existe pas.",
  "The study still comes in: its volumes are known when it has settled.":
    "L'examen arrive encore : ses volumes seront connus quand il sera complet.",
  "its node was lost": "son nœud a été perdu",
  "its node was drained": "son nœud a été vidé",
  "its node was stopped": "son nœud a été arrêté",
  "no site that holds its input answers": "aucun site qui détient ses images ne répond",
  "its node could not work: its disk is full or failed":
    "son nœud ne pouvait pas travailler : disque plein ou en panne",
  "job {} counts instead": "la tâche {1} compte à la place",
  "the completion of {} counts instead": "l'achèvement de {1} compte à la place",
  "asked for at the console": "demandé dans la console",
  "cancelled by an operator": "annulée par un exploitant",
};
