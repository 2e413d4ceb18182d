"""What the fictional learner writes, and the fictional reviewer answers."""

LOOK_BACK = {
    "fr": {
        "happened": "Une personne est venue me parler. J’ai écouté, puis j’ai passé le relais à la personne formée.",
        "hesitated": "Au tout début : j’avais envie de comprendre davantage avant de prévenir quelqu’un.",
        "helped": "Dire merci, dire que je crois la personne, et expliquer qui serait prévenu.",
        "otherwise": "Je préviendrais la personne formée tout de suite, sans chercher à en savoir plus.",
        "guided": "La règle de ne jamais regarder l’image, et l’ordre : accueillir, prévenir, noter, remettre.",
        "keep": "Une phrase prête à dire, et le numéro de la personne formée près de mon téléphone.",
    }
}
FIRST_ANSWERS = {
    "fr": (
        "D’abord accueillir la personne, sans juger et sans poser de question qui suggère la réponse. Ensuite ne rien "
        "regarder, ne rien garder, et confier la situation à la personne formée de l’école.",
        "J’ai appris que trois situations qui se ressemblent au début peuvent demander trois chemins différents.",
        "Attendre. Une fois la police avisée, je dois laisser aller l’enquête et rester présent pour le soutien.",
    )
}
ANSWERS = {
    "fr": (
        "Je retiens une suite courte. J’accueille la personne qui se confie, je la remercie et je la rassure. Je ne "
        "regarde aucune image, je n’en garde aucune et je n’en fais pas suivre. J’avise la personne formée, qui ouvre "
        "la trousse et remplit la grille selon les quatre dimensions : l’amorce, la nature, les intentions et "
        "l’étendue. Elle note ce qui a été dit, par qui et quand, puis elle appelle la police. À partir de ce moment, "
        "l’école ne cherche plus à savoir : elle soutient, elle revoit les jeunes et elle transmet ce qui s’ajoute.",
        "Les trois situations commencent presque de la même façon, et c’est ce qui m’a frappé. Dans la première, une "
        "personne vient demander de l’aide après le cours; à mon premier parcours, j’ai demandé à voir, « pour être "
        "certain », et j’ai compris qu’une personne de plus avait vu. Dans la deuxième, le groupe de l’équipe a déjà "
        "fait circuler l’image : il faut penser à chaque jeune, et expliquer les recours. Dans la troisième, un seul "
        "fait change tout : une personne adulte est en cause. Je laisse la grille, j’appelle la police et la DPJ sans "
        "attendre. J’ai appris à poser les questions d’urgence en premier, chaque fois.",
        "L’étape la plus délicate, pour moi, est celle du premier contact. Je voudrais comprendre, donc j’ai envie de "
        "poser des questions; or chaque question de trop peut blesser ou nuire à la suite. Je vais préparer deux "
        "phrases et les garder près de moi : « Merci de m’en parler, tu as bien fait. » et « Je vais chercher la "
        "personne qui sait quoi faire, et je reste disponible. » Je dois aussi accepter de ne pas tout savoir, et de "
        "ne promettre ni le secret ni l’effacement complet.",
    )
}
PEER_ANSWERS = {
    "fr": (
        "J’accueille l’élève et je lui dis merci de sa confiance. Je ne regarde pas l’image, je ne la copie pas et je "
        "ne demande pas qu’on me la montre. Je préviens la personne formée de l’école, qui ouvre la trousse. Elle "
        "note les faits rapportés selon les quatre dimensions : l’amorce, la nature, les intentions et l’étendue. "
        "Elle appelle la police, à qui revient l’enquête; la décision revient au DPCP. L’école continue de soutenir "
        "chaque jeune et transmet ce qu’elle apprend ensuite.",
        "La première situation m’a appris à écouter sans remplir les silences : dans le corridor, ma deuxième "
        "question en disait déjà trop. Dans celle du groupe, j’ai d’abord pensé à la personne visée, puis à celles et "
        "ceux qui avaient reçu l’image sans rien demander; ils ont besoin d’aide aussi. La troisième m’a surpris : "
        "l’âge de l’autre personne changeait tout le chemin, et je l’ai su parce que j’avais posé les questions "
        "d’urgence en premier.",
        "Pour moi, c’est l’appel aux parents. Je crains de trop en dire, ou de laisser croire que l’école décidera de "
        "la suite. Je me prépare en écrivant trois phrases : ce que je sais, qui s’en occupe, et quand je rappelle. "
        "Je vérifierai aussi, dans notre protocole, qui fait cet appel et à quel moment.",
    )
}
ADVICE = {
    "fr": "Vos trois réponses vont à l’essentiel. Deux pistes pour la suite : dites ce que chacune des quatre "
    "dimensions vous aide à noter, et donnez un exemple de phrase que vous diriez au premier contact."
}
SAVED_ADVICE = (
    (
        "Dites qui appelle la police, et à quel moment.",
        "Say who calls the police, and when.",
    ),
    (
        "Donnez un exemple de phrase que vous diriez au premier contact.",
        "Give an example of a sentence that you would say at the first contact.",
    ),
    (
        "Reliez ce que vous avez appris à un moment précis d’un des trois cas.",
        "Link what you learned to a precise moment of one of the three cases.",
    ),
)
