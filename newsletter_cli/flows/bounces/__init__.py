"""What came back after a send: gathered, decided about, recorded. One way for a mailbox and for the endpoint's log."""
