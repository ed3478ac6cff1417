"""Names of houses and places, which are written as those of people are."""

from __future__ import annotations

from newsletter_cli.check.texts.wording import word_set

# Organisations, programmes and places have one of these in their names; people have none.
OF_NO_PERSON = word_set(
    "france français française televisions télévisions television télévision radio presse banque santé publique public"
    " université universités university école ecole school ministère ministere institut institute agence agency centre"
    " center groupe group société association fondation foundation laboratoire lab data etalab paris lyon europe"
    " européenne national nationale international internationale région ville mairie métropole assurance maladie pôle"
    " emploi travail caisse cour comptes conseil council commission direction service services bureau office crédit"
    " observatoire musée museum bibliothèque library archives hôpital hopitaux hôpitaux académie academy collège"
    " recherche research sciences science statistique statistiques statistics numérique digital écologie environnement"
    " énergie finances économie culture justice intérieur armée défense gendarmerie police douanes impôts territoires"
    " open source street map learning intelligence machine deep cloud web conference conférence forum festival prix"
    " club réseau network programme program projet project team équipe mission pôles états unis united kingdom"
    " royaume uni nations union trésor état etat république"
)


def is_organisation(name: str) -> bool:
    """Whether one of the words of a name is a house's or a place's."""
    words = name.replace("’", " ").replace("'", " ").replace("-", " ").split()
    return any(word.lower() in OF_NO_PERSON for word in words)
