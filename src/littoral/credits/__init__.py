"""Credits: the ledger, what work costs, what was used."""
