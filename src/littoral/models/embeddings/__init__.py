"""Texts to vectors: embedding models behind one protocol."""
