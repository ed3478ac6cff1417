from newsletter_cli.workspace.frontmatter import *
