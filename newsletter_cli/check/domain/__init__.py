"""What the DNS says of who sends: SPF, DKIM, DMARC, MX and PTR. Nothing but the DNS is asked.

`finding.py`, `plan.py` and `letter.py` are pure. The others want the extra `dns` (checkdmarc, dnspython), and are
imported by the one command that asks.
"""
