"""Where received messages are read: a saved message, a folder of them, mbox, Maildir, a mailbox over IMAP."""
