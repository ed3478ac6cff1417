"""Messages to a chat: Mattermost, Matrix, Slack, and whatever else Apprise knows."""
