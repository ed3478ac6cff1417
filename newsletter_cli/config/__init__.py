"""`newsletter.toml` → a frozen `Config`."""

from newsletter_cli.config.reader import CONFIG_FILE, parse_config
from newsletter_cli.config.settings import Config, EmailSettings, PostSettings, SectionSettings

__all__ = ["CONFIG_FILE", "Config", "EmailSettings", "PostSettings", "SectionSettings", "parse_config"]
