"""The owner's mesh: which agents there are, the feed of all their events, who may speak to whom."""
