"""Language models behind one protocol, and the tools that they may call."""
