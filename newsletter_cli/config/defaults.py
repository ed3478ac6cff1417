"""The canonical sections of a newsletter that names none: those of the first one, programme 10 %."""

from __future__ import annotations

from newsletter_cli.config.settings import SectionSettings

# slug, other titles, created by `nl new`, standing
_DEFAULTS: tuple[tuple[str, tuple[str, ...], bool, bool], ...] = (
    ("agenda", ("Agenda",), True, False),
    ("retour-atelier", ("Retour atelier",), True, False),
    ("zoom-projet", ("Zoom projet",), True, False),
    ("portrait", ("Portrait",), True, False),
    ("bon-a-savoir", (), False, False),
    ("jobs", ("Offres d’emploi",), True, False),
    ("lectures", ("Lectures",), True, False),
    ("participer", ("Participer au programme 10\u00a0%",), False, True),
    ("appel-a-idees", (), False, True),
)
# In their order.
_TITLES: dict[str, tuple[str, ...]] = {
    "fr": ("À l’agenda", "Retour sur l’atelier", "Zoom sur un projet", "Portrait de participant", "Bon à savoir",
           "Jobs", "Conseils de lecture", "Participer", "Appel à idées"),
    "en": ("Coming up", "Last workshop", "Project in focus", "Portrait", "Good to know", "Jobs", "Reading", "Take part",
           "Call for ideas"),
    "de": ("Termine", "Rückblick", "Ein Projekt im Porträt", "Im Gespräch", "Gut zu wissen", "Stellenangebote",
           "Lesetipps", "Mitmachen", "Ihre Ideen"),
    "es": ("Agenda", "Así fue el último encuentro", "Un proyecto de cerca", "Retrato", "Conviene saber",
           "Ofertas de empleo", "Lecturas", "Participe", "Buscamos ideas"),
    "it": ("In agenda", "L’ultimo incontro", "Un progetto da vicino", "Ritratto", "Buono a sapersi",
           "Offerte di lavoro", "Letture", "Partecipa", "Cerchiamo idee"),
}  # fmt: skip


def default_sections(language: str) -> tuple[SectionSettings, ...]:
    """The shipped canonical sections, titled in `language`, or else in English."""
    titles = _TITLES.get(language.partition("-")[0].lower(), _TITLES["en"])
    return tuple(
        SectionSettings(slug=slug, title=title, aliases=aliases, new=new, standing=standing, required=False)
        for (slug, aliases, new, standing), title in zip(_DEFAULTS, titles, strict=True)
    )
