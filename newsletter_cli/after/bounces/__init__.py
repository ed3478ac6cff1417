"""What comes back by mail, judged: one message's octets become a verdict. Pure: no file, no database, no clock."""
