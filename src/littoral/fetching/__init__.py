"""Reading pages of the open web, and nothing else of the network: rules, names, bodies."""
