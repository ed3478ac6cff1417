"""The durable record of deliveries: `state/ledger.db`."""
