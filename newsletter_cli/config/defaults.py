"""The canonical sections of a newsletter that names none: those of programme 10 %."""

from __future__ import annotations

from newsletter_cli.config.settings import SectionSettings

# slug, French title, English title, other titles, created by `nl new`, standing
_DEFAULTS: tuple[tuple[str, str, str, tuple[str, ...], bool, bool], ...] = (
    ("agenda", "À l’agenda", "Coming up", ("Agenda",), True, False),
    ("retour-atelier", "Retour sur l’atelier", "Last workshop", ("Retour atelier",), True, False),
    ("zoom-projet", "Zoom sur un projet", "Project in focus", ("Zoom projet",), True, False),
    ("portrait", "Portrait de participant", "Portrait", ("Portrait",), True, False),
    ("bon-a-savoir", "Bon à savoir", "Good to know", (), False, False),
    ("jobs", "Jobs", "Jobs", ("Offres d’emploi",), True, False),
    ("lectures", "Conseils de lecture", "Reading", ("Lectures",), True, False),
    ("participer", "Participer au programme 10\u00a0%", "Take part", ("Participer",), False, True),
    ("appel-a-idees", "Appel à idées", "Call for ideas", (), False, True),
)


def default_sections(language: str) -> tuple[SectionSettings, ...]:
    """The shipped canonical sections, titled in `language` (French, or else English)."""
    is_french = language.lower().startswith("fr")
    return tuple(
        SectionSettings(
            slug=slug,
            title=french if is_french else english,
            aliases=aliases,
            new=new,
            standing=standing,
            required=False,
        )
        for slug, french, english, aliases, new, standing in _DEFAULTS
    )
