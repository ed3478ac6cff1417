"""The endpoint of the configuration, reached: with this newsletter's key, by https, and nothing goes anywhere else."""

from __future__ import annotations

from urllib.parse import urlsplit

from newsletter_cli.after.endpoint.fetching import MOST_BYTES, LogClient
from newsletter_cli.base.domains import ascii_url
from newsletter_cli.base.endpoint_key import EndpointKey
from newsletter_cli.base.errors import NotSynced
from newsletter_cli.base.i18n import _
from newsletter_cli.base.web.asking import Asker, Limits
from newsletter_cli.base.web.certificates import read_trust
from newsletter_cli.flows.secret_uses import endpoint_use
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.inside import configured_path


def open_client(workspace: Workspace, key: EndpointKey) -> LogClient:
    """Who fetches the log. Nothing is connected yet. Raises `NotSynced`, `NotTrusted`."""
    settings = workspace.config.endpoint
    if settings.url is None:
        raise NotSynced(
            _("no endpoint is configured"),
            file="newsletter.toml",
            hint=_('name it under [endpoint]: url = "https://…", where nl serve runs'),
        )
    workspace.permit_secret(endpoint_use(workspace))
    ca_file = None
    if settings.ca_file is not None:
        ca_file = configured_path(workspace.root, settings.ca_file, NotSynced, key="endpoint.ca_file")
    trust = None
    if urlsplit(settings.url).scheme == "https":
        trust = read_trust(ca_file, key="endpoint.ca_file", error=NotSynced)
    asker = Asker(
        limits=Limits(size_bytes=MOST_BYTES, seconds=settings.timeout_seconds), allow_private=True, trust=trust
    )
    return LogClient(ascii_url(settings.url), key.parts, asker)
