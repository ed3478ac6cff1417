"""The send: freeze, ledger, pacing, transports, resume, doubt."""
